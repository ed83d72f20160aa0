import type { KeepMode } from "../config/settings.ts";
import type { PlannedCell } from "../events/schema.ts";
import type { LiveHost } from "../host/live-host.ts";
import type { SshAccess } from "../host/ssh-access.ts";
import type { CliContext } from "./context.ts";
import { interactiveSsh } from "./interactive-ssh.ts";

/** Hosts that stay up after their cell, until the user has looked around. */
export class KeptHosts {
  readonly #kept: { cell: string; host: LiveHost; access: SshAccess }[] = [];
  readonly #ctx: CliContext;
  readonly #mode: KeepMode;

  constructor(ctx: CliContext, mode: KeepMode) {
    this.#ctx = ctx;
    this.#mode = mode;
  }

  /** Takes the host over when it is to be kept, and says how to get in. */
  async consider(cell: PlannedCell, status: string, host: LiveHost): Promise<boolean> {
    const wanted = this.#mode === "always" || (this.#mode === "on-failure" && status !== "passed");
    if (!wanted || this.#ctx.signal.aborted) return false;
    const { cache } = (await this.#ctx.settings()).values;
    const access = await host.openSsh(cache);
    this.#kept.push({ cell: cell.id, host, access });
    this.#ctx.stderr.write(`\n${cell.id} is kept: ${access.command}\n`);
    return true;
  }

  /** A prompt in each host that was kept, one after the other; each goes when its shell ends. */
  async enter(): Promise<void> {
    const { signal, stderr } = this.#ctx;
    while (!signal.aborted) {
      const next = this.#kept.shift();
      if (!next) return;
      const { cell, host, access } = next;
      stderr.write(`\na shell in the host of ${cell}; exit throws it away\n`);
      try {
        await interactiveSsh(access, { signal });
      } finally {
        await host.stop();
      }
    }
  }

  /** Waits for an interruption while hosts are kept, then ends them. */
  async untilReleased(): Promise<void> {
    if (this.#kept.length === 0) return;
    const { signal, stderr } = this.#ctx;
    if (!signal.aborted) {
      stderr.write(`\n${this.#kept.length} host(s) kept; press Ctrl-C to throw them away\n`);
      const forever = setInterval(() => undefined, 60_000);
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      clearInterval(forever);
    }
    for (const { host } of this.#kept) await host.stop();
  }
}
