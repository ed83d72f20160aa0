import type { ReporterDefinition, ReporterOptions } from "../reporter.ts";

/** Repainting needs a terminal that understands it, and a log that nobody keeps. */
function canRepaint({ stdout, env }: ReporterOptions): boolean {
  const inCI = env["CI"] !== undefined && !["", "0", "false"].includes(env["CI"]);
  return stdout.isTTY === true && !inCI && env["TERM"] !== "dumb";
}

export default {
  name: "list",
  summary: "a live list on a terminal, plain lines elsewhere",
  takesPath: "none",
  async create(options) {
    if (canRepaint(options)) {
      const { createLiveList } = await import("../terminal/live-list.ts");
      return createLiveList(options);
    }
    const { createPlainLines } = await import("../terminal/plain-lines.ts");
    return createPlainLines(options);
  },
} satisfies ReporterDefinition;
