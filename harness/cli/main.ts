import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "./context.ts";
import { Interrupted } from "./errors.ts";
import { runProgram } from "./program.ts";
import { exitCodeOfError, formatError } from "./report-error.ts";
import { takesColor } from "./terminal.ts";

const argv = process.argv.slice(2);
const interruption = new AbortController();
// Every machine and command that runs listens to it; their number is no sign of a leak.
setMaxListeners(0, interruption.signal);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // The second one means that tearing down takes too long for this user.
    if (interruption.signal.aborted) process.exit(exitCodeOfError(interruption.signal.reason));
    interruption.abort(new Interrupted(signal));
  });
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader such as `head` that has seen enough is no reason to leave machines behind.
    if (error.code !== "EPIPE") throw error;
  });
}

process.exit(await main());

async function main(): Promise<number> {
  try {
    const code = await runProgram({
      cwd: process.cwd(),
      env: process.env,
      stdout: process.stdout,
      stderr: process.stderr,
      signal: interruption.signal,
      color: takesColor(process.stdout, process.env),
      verbose: false,
      root: PROJECT_ROOT,
      version: packageVersion(),
      argv,
    });
    interruption.signal.throwIfAborted();
    return code;
  } catch (thrown) {
    // Whatever broke while everything was being stopped, the interruption is the cause.
    const error: unknown = interruption.signal.aborted ? interruption.signal.reason : thrown;
    const verbose = argv.some((word) => /^(-v|--verbose)$/.test(word));
    const color = takesColor(process.stderr, process.env);
    process.stderr.write(formatError(error, { color, verbose }));
    return exitCodeOfError(error);
  }
}

function packageVersion(): string {
  const text = readFileSync(join(PROJECT_ROOT, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
