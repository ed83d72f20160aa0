import { execa } from "execa";
import { createInterface } from "node:readline";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Parser, type Result } from "tap-parser";
import { ProcessGroup } from "../base/process-group.ts";
import { REPO_ROOT } from "../base/repo-paths.ts";
import type { Observation } from "../verdict/observation.ts";
import { messageOf } from "../base/error.ts";
import type { MachineAction } from "../machine/machine-control.ts";
import type { ChildJob, ChildMessage, MachineAnswer } from "./child-protocol.ts";

const CHILD = fileURLToPath(new URL("./scenario-child.ts", import.meta.url));
const LOADER = join(REPO_ROOT, "harness/base/typescript-loader.js");
const KILL_GRACE_MS = 3_000;
/** For a process that is done to end, and for its last output to arrive. */
const LINGER_MS = 5_000;

export interface ChildEvents {
  onAssertion(assertion: Observation["assertions"][number]): void;
  onMessage(message: ChildMessage): void;
  /** Does to the machine of a host what the scenario asks for. */
  onMachine(hostname: string, action: MachineAction): Promise<void>;
}

export interface ChildOptions extends ChildEvents {
  job: ChildJob;
  /** Milliseconds, already scaled. */
  deadlineMs: number;
  /** Settles when the child must end early: the host died, or the run is interrupted. */
  stop: Promise<unknown>;
}

export type ChildOutcome = Pick<Observation, "late" | "thrown" | "skipped" | "childDeath">;

/** A process for the scenario of that file; `logFile` receives what it prints besides results. */
const spawnChild = (scenarioFile: string, logFile: string) =>
  execa(process.execPath, ["--import", LOADER, CHILD, scenarioFile], {
    cwd: REPO_ROOT,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdio: ["pipe", "pipe", { file: logFile }, "pipe", "pipe"],
    env: { TAP: "1" },
  });

/**
 * A process group of one scenario's own: no crash or hang of it reaches us. It loads while hosts
 * come up, and does nothing before it is told which they are.
 */
export class ScenarioChild {
  readonly #child: ReturnType<typeof spawnChild>;
  readonly #group: ProcessGroup | undefined;
  readonly #said: Said;

  constructor(scenarioFile: string, logFile: string) {
    this.#child = spawnChild(scenarioFile, logFile);
    // One that ends early hears nothing of its job.
    this.#child.stdin.on("error", () => undefined);
    const { pid, stdout, stdio } = this.#child;
    this.#said = {
      results: stdout.pipe(new PassThrough()),
      messages: (stdio[3] as unknown as Readable).pipe(new PassThrough()),
    };
    this.#group = pid === undefined ? undefined : new ProcessGroup(pid, this.#child);
  }

  /** Runs the scenario to its end; once. */
  async run(options: ChildOptions): Promise<ChildOutcome> {
    if (this.#group) return runJob(this.#child, this.#group, this.#said, options);
    const { originalMessage = "" } = await this.#child;
    return { childDeath: `does not start: ${originalMessage}` };
  }

  /** Ends what is left of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#group?.end(KILL_GRACE_MS);
  }
}

/** Kept from the beginning on: what nobody reads is thrown away. */
interface Said {
  /** TAP. */
  results: Readable;
  messages: Readable;
}

async function runJob(
  child: ReturnType<typeof spawnChild>,
  group: ProcessGroup,
  said: Said,
  options: ChildOptions,
): Promise<ChildOutcome> {
  child.stdin.end(JSON.stringify(options.job));
  const outcome: ChildOutcome = {};
  let during = "starting";
  let finished = false;
  let leaked: NodeJS.Timeout | undefined;

  const answers = child.stdio[4] as unknown as Writable;
  // Nobody waits for an answer in a child that has ended.
  answers.on("error", () => undefined);
  const answer = async (asked: Extract<ChildMessage, { type: "machine" }>): Promise<void> => {
    const done: MachineAnswer = await options.onMachine(asked.hostname, asked.action).then(
      () => ({ id: asked.id }),
      (error: unknown) => ({ id: asked.id, error: messageOf(error) }),
    );
    answers.write(`${JSON.stringify(done)}\n`);
  };
  const messages = readMessages(said.messages, (message) => {
    if (message.type === "step-started") during = message.name;
    if (message.type === "step-ended") during = `after ${message.name}`;
    if (message.type === "finished") {
      finished = true;
      // A body that leaves a timer or a socket open would keep its process for ever.
      leaked = setTimeout(() => void group.end(KILL_GRACE_MS), LINGER_MS);
    }
    if (message.type === "skipped") outcome.skipped = message.reason;
    if (message.type === "thrown") {
      const { kind, message: text, code } = message;
      outcome.thrown = { kind, message: text, ...(code !== undefined && { code }) };
    }
    if (message.type === "machine") void answer(message);
    options.onMessage(message);
  });
  const results = readTap(said.results, options.onAssertion);

  const timer = setTimeout(() => {
    if (finished) return;
    outcome.late = { seconds: options.deadlineMs / 1000, during };
    void group.end(KILL_GRACE_MS);
  }, options.deadlineMs);
  let stopped = false;
  void options.stop.then(() => {
    stopped = true;
    return group.end(KILL_GRACE_MS);
  });
  const exit = await group.exited;
  clearTimeout(timer);
  clearTimeout(leaked);
  // What the scenario started may have inherited its output and outlive it.
  const drained = new AbortController();
  await Promise.race([
    Promise.all([messages, results]),
    delay(LINGER_MS, undefined, { signal: drained.signal }).catch(() => undefined),
  ]);
  drained.abort();
  if (!finished && !stopped && !outcome.late && !outcome.thrown && !outcome.skipped) {
    outcome.childDeath =
      exit.signal === undefined
        ? `exits with ${exit.code ?? "?"} before its end`
        : `dies of ${exit.signal}`;
  }
  return outcome;
}

async function readMessages(stream: Readable, on: (message: ChildMessage) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) {
    on(JSON.parse(line) as ChildMessage);
  }
}

/** Leaves only: a subtest's own line repeats what its assertions said. */
async function readTap(stream: Readable, on: ChildEvents["onAssertion"]): Promise<void> {
  const parser = new Parser();
  const leaves = (node: Parser): void => {
    node.on("child", leaves);
    node.on("assert", (result: Result) => {
      if (result.skip || result.todo || result.closingTestPoint) return;
      const detail = result.ok ? undefined : explainDiag(result.diag);
      on({ ok: result.ok, name: result.name, ...(detail !== undefined && { detail }) });
    });
  };
  leaves(parser);
  const done = new Promise<void>((resolve) => parser.on("complete", () => resolve()));
  stream.pipe(parser as unknown as NodeJS.WritableStream);
  await done;
}

function explainDiag(diag: unknown): string | undefined {
  if (typeof diag !== "object" || diag === null) return undefined;
  const { found, wanted, diff } = diag as Record<string, unknown>;
  if (found !== undefined || wanted !== undefined) {
    return `found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`;
  }
  return typeof diff === "string" ? explainDiff(diff) : undefined;
}

/** tap's unified diff, told in one line. */
function explainDiff(diff: string): string {
  const body = diff.split("\n").filter((line) => line !== "" && !/^(--- |\+\+\+ |@@ )/.test(line));
  const lines = (sign: string): string =>
    body
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1))
      .join("\n");
  return `found ${JSON.stringify(lines("+"))}, wanted ${JSON.stringify(lines("-"))}`;
}
