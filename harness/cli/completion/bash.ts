import type { CompletionNode } from "./words.ts";

/** A script for bash 4 and newer that needs nothing of bash-completion. */
export function bashCompletion(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map(({ path, words, options }) => {
    const names = [...words.map(({ word }) => word), ...options.flatMap(({ names }) => names)];
    return `    "${path.join(" ")}") words="${names.join(" ")}" ;;`;
  });
  const subcommands = nodes.filter(({ path }) => path.length > 0).map(({ path }) => path.join(" "));
  const values = new Map(
    nodes.flatMap(({ options }) =>
      options
        .filter(({ takesValue }) => takesValue)
        .flatMap(({ names, choices }) => names.map((name) => [name, choices] as const)),
    ),
  );
  const valueCases = [...values].map(([name, choices]) =>
    choices.length === 0
      ? `    ${name}) COMPREPLY=($(compgen -f -- "$current")); return ;;`
      : `    ${name}) COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$current")); return ;;`,
  );
  return `# bash completion of xenloop; load it with: source <(xenloop completion bash)
_xenloop() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path="" word words
  case "$previous" in
${valueCases.join("\n")}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${subcommands.map((path) => `"${path}"`).join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _xenloop xenloop ./xenloop
`;
}
