import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { quoteArgv, ToolFailed, ToolMissing, ToolTimeout } from "../base/process-errors.ts";
import { runTool } from "../base/process.ts";
import { VagrantFailed, VagrantMissing, VagrantTimeout } from "./errors.ts";
import { lastWords } from "./machine-readable.ts";

export interface VagrantPlaceOptions {
  /** Directory that the Vagrantfile is in. */
  cwd: string;
  env: Record<string, string>;
  /** Words before every command line. */
  prefix: readonly string[];
  /** Takes everything that Vagrant says. */
  log: string;
}

/** Vagrant in one directory; everything it says is read as data and kept. */
export class Vagrant {
  readonly #options: VagrantPlaceOptions;

  constructor(options: VagrantPlaceOptions) {
    this.#options = options;
  }

  /**
   * Runs `vagrant …` and gives what it prints.
   * @throws {VagrantMissing | VagrantFailed | VagrantTimeout}
   */
  async run(
    words: readonly string[],
    { seconds, signal }: { seconds: number; signal?: AbortSignal },
  ): Promise<string> {
    const { cwd, env, prefix, log } = this.#options;
    const argv = ["vagrant", ...words];
    const command = quoteArgv(argv);
    await mkdir(dirname(log), { recursive: true });
    await appendFile(log, `$ ${command}\n`);
    const part = `${log}.part`;
    const said = async () => {
      const text = await readFile(part, "utf8").catch(() => "");
      await rm(part, { force: true });
      await appendFile(log, text);
      return text;
    };
    try {
      const { exitCode, stderr } = await runTool([...prefix, ...argv], {
        ...{ cwd, env: { ...env, ...QUIET } },
        timeoutMs: seconds * 1000,
        // What it says before it hangs is worth having; its own reason is on standard output.
        stdoutFile: part,
        acceptExitCodes: ANY_EXIT_CODE,
        ...(signal && { signal }),
      });
      const stdout = await said();
      await appendFile(log, stderr);
      if (exitCode === 0) return stdout;
      throw new VagrantFailed(command, lastWords(stdout, stderr), log);
    } catch (error) {
      const stdout = await said();
      signal?.throwIfAborted();
      if (error instanceof ToolMissing) throw new VagrantMissing(error.program, error);
      if (error instanceof ToolTimeout) {
        throw new VagrantTimeout(command, seconds, lastWords(stdout), log, error);
      }
      if (error instanceof ToolFailed) throw new VagrantFailed(command, error.message, log, error);
      throw error;
    }
  }
}

const QUIET = {
  VAGRANT_CHECKPOINT_DISABLE: "1",
  VAGRANT_NO_PARALLEL: "yes",
  VAGRANT_NO_COLOR: "1",
};
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);
