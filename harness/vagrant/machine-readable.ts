/** One line of `vagrant --machine-readable`: `time,target,type,data…`. */
export interface VagrantLine {
  /** Name of the machine; empty when the line is about none. */
  target: string;
  type: string;
  data: string[];
}

/** Lines that are none are left out: plugins and Ruby print what they like. */
export function parseVagrant(text: string): VagrantLine[] {
  return text.split("\n").flatMap((line) => {
    const [time = "", target = "", type = "", ...data] = line.trimEnd().split(",");
    return /^\d+$/.test(time) && type !== "" ? [{ target, type, data: data.map(unescape) }] : [];
  });
}

function unescape(text: string): string {
  return text.replaceAll("%!(VAGRANT_COMMA)", ",").replaceAll(/\\([nr])/g, (_, letter: string) => {
    return letter === "n" ? "\n" : "\r";
  });
}

/**
 * Why Vagrant says that it fails, else what Ruby says on standard error, else the last thing that
 * was said; one line.
 */
export function lastWords(text: string, stderr = ""): string {
  const lines = parseVagrant(text);
  const error = lines.findLast(({ type }) => type === "error-exit")?.data.at(-1);
  const ui = lines.findLast(({ type, data }) => type === "ui" && data[0] === "error")?.data[1];
  // A plugin's own mistakes end in a trace whose first line tells.
  const trace = stderr.trim().split("\n")[0] || undefined;
  const any = lines.findLast(({ type }) => type === "ui")?.data[1] ?? text;
  const said = (error ?? ui ?? trace ?? any).split("\n").map((line) => line.trim());
  return said
    .filter((line) => line !== "")
    .slice(0, 3)
    .join(" ")
    .slice(0, 300);
}
