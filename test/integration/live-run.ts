import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Test } from "tap";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import { XENLOOP } from "../cli/run-xenloop.ts";

/** A run of the real program whose output is followed line by line. */
export class LiveRun {
  readonly out = mkdtempSync(join(tmpdir(), "xenloop-live-"));
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals>;
  readonly #waiting = new Set<() => void>();

  constructor(t: Test, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const argv = ["run", ...args, "--out", this.out, "--reporter", "line"];
    this.child = spawn(XENLOOP, argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream! }).on("line", (line) => {
        this.lines.push(line);
        for (const wake of this.#waiting) wake();
      });
    }
    this.exited = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        resolve(code ?? signal ?? "SIGKILL");
        for (const wake of this.#waiting) wake();
      });
    });
    t.teardown(async () => {
      this.child.kill("SIGINT");
      await this.exited;
      rmSync(this.out, { recursive: true, force: true });
    });
  }

  /** Resolves with the first line that matches; rejects when the run ends without one. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`no line matches ${String(pattern)} in:\n${this.lines.join("\n")}`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  result(): RunResult {
    return JSON.parse(readFileSync(join(this.out, "latest/result.json"), "utf8")) as RunResult;
  }

  cell(scenario: string): CellResult {
    const cell = this.result().cells.find((candidate) => candidate.scenario === scenario);
    if (cell === undefined) throw new Error(`no cell of ${scenario}`);
    return cell;
  }

  /** Pids of the machines that this run started and that are still there. */
  async machines(): Promise<number[]> {
    return pidsWhere((argv) => /^[^\0]*qemu-system/.test(argv) && argv.includes(this.out));
  }
}

/** Pids of the scenarios' processes that a process has started. */
export async function scenariosOf(parent: number): Promise<number[]> {
  return pidsWhere((argv, stat) => {
    const [, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return argv.includes("/scenario-child.ts\0") && Number(ppid) === parent;
  });
}

/** Of the processes whose argument list and /proc/PID/stat are such. */
async function pidsWhere(wanted: (argv: string, stat: string) => boolean): Promise<number[]> {
  const own: number[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const argv = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (wanted(argv, stat)) own.push(pid);
  }
  return own;
}

/** Socket directories in the temporary directory whose owner is this process. */
export async function socketDirectories(pid: number): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`xenloop-${pid}-`));
}
