/**
 * Draws what a terminal shows at the end of a command, for the README:
 * `npx tsx scripts/terminal-picture.ts docs/images/run.svg ./xenloop run`. Needs tmux.
 */
import { writeFile } from "node:fs/promises";
import { $ } from "zx";

const COLUMNS = 100;
const ROWS = 40;
const CELL = { width: 8.4, height: 19 };
const MARGIN = 16;
/** Of the 16 colours of a terminal, on a dark ground. */
const COLOURS: Readonly<Record<string, string>> = {
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
};
const BOLD = "1";
const DIM = "2";

const [file = "", ...command] = process.argv.slice(2);
if (file === "" || command.length === 0) {
  process.stderr.write("usage: npx tsx scripts/terminal-picture.ts FILE COMMAND…\n");
  process.exit(64);
}
await writeFile(file, svg(await lastScreen(command)));

/** Lines with the terminal's own codes for colours, from a tmux server of this process's own. */
async function lastScreen(argv: readonly string[]): Promise<string[]> {
  const server = ["-L", `picture-${process.pid}`, "-f", "/dev/null"];
  const shown = `printf '$ %s\\n' ${$.quote!(argv.join(" "))}; ${argv.map($.quote!).join(" ")}`;
  const script = `${shown}; tmux ${server.join(" ")} wait-for -S ended; exec sleep infinity`;
  try {
    const size = ["-x", String(COLUMNS), "-y", String(ROWS)];
    await $`tmux ${server} new-session -d ${size} ${["bash", "-c", script]}`;
    await $`tmux ${server} wait-for ended`;
    const { stdout } = await $`tmux ${server} capture-pane -p -e`;
    return stdout.trimEnd().split("\n");
  } finally {
    await $`tmux ${server} kill-server`.nothrow();
  }
}

function svg(lines: readonly string[]): string {
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN;
  const rows = lines.map((line, row) => {
    const y = MARGIN + (row + 0.75) * CELL.height;
    return `<text x="${MARGIN}" y="${y}">${spans(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#e6edf3" font-family="ui-monospace, monospace" font-size="14" xml:space="preserve">
${rows.join("\n")}
</g>
</svg>
`;
}

function spans(line: string): string {
  let codes: string[] = [];
  // Text and codes take turns.
  return line
    .split(/\u001b\[([\d;]*)m/)
    .map((part, index) => {
      if (index % 2 === 0) return part === "" ? "" : `<tspan${look(codes)}>${escape(part)}</tspan>`;
      for (const code of part.split(";"))
        codes = code === "" || code === "0" ? [] : [...codes, code];
      return "";
    })
    .join("");
}

function look(codes: readonly string[]): string {
  const colour = codes.findLast((code) => code in COLOURS);
  return [
    colour === undefined ? "" : ` fill="${COLOURS[colour]}"`,
    codes.includes(BOLD) ? ' font-weight="bold"' : "",
    codes.includes(DIM) ? ' opacity="0.6"' : "",
  ].join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
