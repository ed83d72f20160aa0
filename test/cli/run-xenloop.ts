import { join } from "node:path";
import { execa, type Options } from "execa";

export const ROOT = join(import.meta.dirname, "../..");
export const XENLOOP = join(ROOT, "xenloop");

/** Runs the real program; a test that cares about the cache passes its own. */
export async function xenloop(args: readonly string[], options: Options = {}) {
  const { env = {}, ...rest } = options;
  const { exitCode, stdout, stderr } = await execa(XENLOOP, args, {
    reject: false,
    stdin: "ignore",
    ...rest,
    env: { NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}
