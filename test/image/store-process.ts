import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../cli/run-xenloop.ts";

const PROGRAM = join(import.meta.dirname, "fixtures/use-store.ts");

/** Another process that uses a store. */
export class StoreProcess {
  readonly #lines: AsyncIterableIterator<string>;

  constructor(readonly child: ChildProcess) {
    this.#lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  }

  static start(root: string, key: string, buildMs = 0): StoreProcess {
    const loader = join(ROOT, "harness/base/typescript-loader.js");
    const argv = ["--import", loader, PROGRAM, root, key, String(buildMs)];
    return new StoreProcess(
      spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "inherit"], cwd: ROOT }),
    );
  }

  /** The next line it says. */
  async line(): Promise<string> {
    const { value } = await this.#lines.next();
    return (value as string | undefined) ?? "";
  }

  /** Lets it come to its end. */
  async finish(): Promise<void> {
    this.child.stdin!.end();
    await this.#exit();
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.#exit();
  }

  async #exit(): Promise<void> {
    const { exitCode, signalCode } = this.child;
    if (exitCode === null && signalCode === null) await once(this.child, "exit");
  }
}
