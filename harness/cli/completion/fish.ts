import type { CompletionNode } from "./words.ts";

export function fishCompletion(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap(({ path, words, options }) => {
    const when = quote(condition(path, nodes));
    return [
      ...words.map(
        ({ word, summary }) =>
          `complete -c xenloop -n ${when} -f -a ${quote(word)} -d ${quote(summary)}`,
      ),
      ...options.map(({ names, description, takesValue, choices }) => {
        const flags = names.map((name) =>
          name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
        );
        const value =
          choices.length > 0 ? ` -x -a ${quote(choices.join(" "))}` : takesValue ? " -r" : "";
        return `complete -c xenloop -n ${when} ${flags.join(" ")}${value} -d ${quote(description)}`;
      }),
    ];
  });
  return `# fish completion of xenloop\n${lines.join("\n")}\n`;
}

/** True where the line names exactly this command and none of its subcommands. */
function condition(path: readonly string[], nodes: readonly CompletionNode[]): string {
  if (path.length === 0) return "__fish_use_subcommand";
  const below = nodes
    .filter((node) => node.path.length === path.length + 1 && node.path[0] === path[0])
    .map((node) => node.path.at(-1));
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
  return below.length === 0 || path.length > 1
    ? seen
    : `${seen}; and not __fish_seen_subcommand_from ${below.join(" ")}`;
}

const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
