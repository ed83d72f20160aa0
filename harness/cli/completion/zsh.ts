import type { CompletionNode, CompletionOption } from "./words.ts";

export function zshCompletion(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map(({ path, words, options }) => {
    const listed = words.map(({ word, summary }) => quote(summary ? `${word}:${summary}` : word));
    const flags = options.map(argumentSpec).join(" ");
    const first = words.length > 0 ? quote(`1:: :(($words_))`) : quote("*:file:_files");
    return [
      `    ${quote(path.join(" "))})`,
      ...(words.length > 0
        ? [
            `      _arguments ${flags} && return`,
            `      choices=(${listed.join(" ")})`,
            "      _describe word choices ;;",
          ]
        : [`      _arguments ${flags} ${first} ;;`]),
    ].join("\n");
  });
  const paths = nodes
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => quote(path.join(" ")));
  return `#compdef xenloop
# zsh completion of xenloop; load it with: source <(xenloop completion zsh)
_xenloop() {
  local path_="" word
  local -a choices known
  known=(${paths.join(" ")})
  for word in \${words[2,CURRENT-1]}; do
    if (( \${known[(Ie)\${path_:+$path_ }$word]} )); then path_="\${path_:+$path_ }$word"; fi
  done
  case "$path_" in
${cases.join("\n")}
  esac
}
compdef _xenloop xenloop
`;
}

function argumentSpec({ names, description, takesValue, choices }: CompletionOption): string {
  const value = choices.length > 0 ? `:value:(${choices.join(" ")})` : ":value:_files";
  return names
    .map((name) => quote(`${name}[${escape(description)}]${takesValue ? value : ""}`))
    .join(" ");
}

const escape = (text: string) => text.replace(/[[\]:]/g, "\\$&");
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
