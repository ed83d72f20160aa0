import type { EventListener } from "../events/bus.ts";
import type { CliContext } from "./context.ts";

/** Phases worth a line while somebody waits for a host. */
const SLOW_MS = 1_000;

/** Says on standard error what takes its time, and all warnings. */
export function narrate(ctx: CliContext): EventListener {
  return (event) => {
    if (event.type === "warning") ctx.stderr.write(`warning: ${event.message}\n`);
    if (
      event.type === "phase-started" &&
      event.phase !== "ready" &&
      /^(image|template|vagrant):/.test(event.scope)
    ) {
      ctx.stderr.write(`${event.scope}: ${event.phase} …\n`);
    }
    if (event.type === "phase-ended" && (ctx.verbose || event.ms > SLOW_MS)) {
      const said = event.failed ? "failed" : event.detail;
      const detail = said === undefined ? "" : ` (${said})`;
      ctx.stderr.write(
        `${event.scope}: ${event.phase} ${(event.ms / 1000).toFixed(1)} s${detail}\n`,
      );
    }
  };
}
