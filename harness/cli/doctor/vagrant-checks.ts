import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, XenloopError } from "../../base/error.ts";
import { findProgram } from "../../base/process-path.ts";
import { runTool } from "../../base/process.ts";
import { compareVersions } from "../../machine/qemu-version.ts";
import { VAGRANT_INSTALL } from "../../vagrant/errors.ts";
import { parseVagrant } from "../../vagrant/machine-readable.ts";
import { PrivateLibvirt, withSbin } from "../../vagrant/private-libvirt.ts";
import type { CliContext } from "../context.ts";
import { fail, ok, type Check, type CheckResult } from "./check.ts";

const PLUGIN = "vagrant-libvirt";
const ANSWER_MS = 60_000;
const OLDEST_LIBVIRT = "7.1";

/** What the backend vagrant needs: of no concern to whoever has not asked for it. */
export const VAGRANT_CHECKS: readonly Check[] = [
  {
    id: "vagrant",
    title: "Vagrant",
    run: (ctx) =>
      judged(ctx, async () => {
        if (!isThere(ctx, "vagrant")) return missing("vagrant");
        const { stdout } = await ask(ctx, ["vagrant", "--version"]);
        return ok(stdout.replace(/^Vagrant /, "version "));
      }),
  },
  {
    id: "vagrant-plugin",
    title: "Vagrant's plugin",
    run: (ctx) =>
      judged(ctx, async () => {
        if (!isThere(ctx, "vagrant")) return missing(PLUGIN);
        const { stdout } = await ask(ctx, ["vagrant", "plugin", "list", "--machine-readable"]);
        const line = parseVagrant(stdout).find(
          ({ type, data }) => type === "ui" && data[1]?.startsWith(`${PLUGIN} `),
        );
        return line ? ok(line.data[1]?.split("\n")[0] ?? "") : missing(PLUGIN);
      }),
  },
  {
    id: "vagrant-libvirtd",
    title: "Vagrant's libvirt",
    run: (ctx) =>
      judged(ctx, async () => {
        if (!isThere(ctx, "libvirtd")) return missing("libvirtd");
        const version = await libvirtVersion(ctx);
        if (version !== "" && compareVersions(version, OLDEST_LIBVIRT) < 0) {
          const why = `is too old: from ${OLDEST_LIBVIRT} on it knows the processor "maximum"`;
          return fail(
            `libvirt ${version} ${why}`,
            "install a newer libvirt, or use the backend qemu",
          );
        }
        const directory = await mkdtemp(join(tmpdir(), "xenloop-doctor-"));
        try {
          const log = join(directory, "log");
          await (await PrivateLibvirt.start(directory, log)).stop();
          return ok("a daemon of our own starts, and listens on its own socket");
        } finally {
          await rm(directory, { recursive: true, force: true });
        }
      }),
  },
];

function isThere({ env }: CliContext, program: string): boolean {
  return findProgram(program, withSbin(env["PATH"])) !== undefined;
}

/** Of `libvirtd (libvirt) 9.0.0`. */
async function libvirtVersion({ env, signal }: CliContext): Promise<string> {
  const path = withSbin(env["PATH"]);
  const options = { timeoutMs: ANSWER_MS, signal, env: { PATH: path } };
  const { stdout } = await runTool(["libvirtd", "--version"], options);
  return /\d[\d.]*/.exec(stdout)?.[0] ?? "";
}

function missing(what: string): CheckResult {
  return fail(`${what} is not installed`, VAGRANT_INSTALL);
}

function ask(ctx: CliContext, argv: readonly string[]): ReturnType<typeof runTool> {
  return runTool(argv, { timeoutMs: ANSWER_MS, signal: ctx.signal });
}

/** A failure where the backend is asked for; otherwise what it would take, and no fault. */
async function judged(ctx: CliContext, run: () => Promise<CheckResult>): Promise<CheckResult> {
  const result = await run().catch((error: unknown) => {
    ctx.signal.throwIfAborted();
    return fail(messageOf(error), error instanceof XenloopError ? error.hint : undefined);
  });
  if (result.status === "ok" || (await isWanted(ctx))) return result;
  return ok(`${result.detail}; only hosts by Vagrant need it`);
}

async function isWanted(ctx: CliContext): Promise<boolean> {
  const { backend } = (await ctx.settings()).values;
  const { hosts = {} } = (await ctx.config()).values;
  return backend === "vagrant" || Object.values(hosts).some((host) => host.backend === "vagrant");
}
