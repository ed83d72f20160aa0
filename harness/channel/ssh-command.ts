import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Readable, type Writable } from "node:stream";
import { execa, type ResultPromise } from "execa";
import { escalate, type Failure, watchLimits } from "./command-limits.ts";
import { CommandOutput } from "./command-output.ts";
import { CommandStreamFailed, SshUnavailable } from "./errors.ts";
import type { StreamingExecOptions } from "./file-transfer.ts";
import { shq } from "./shell-quote.ts";
import type { ExecResult } from "./transport.ts";

const SSH_OPTIONS = { buffer: false, reject: false } as const;
type Ssh = ResultPromise<typeof SSH_OPTIONS>;

export interface SshConnection {
  /** Everything but the command. */
  args: readonly string[];
  host: string;
  sudo: boolean;
}

/**
 * One command through a ssh client. Its shell leads a process group in the host and first tells
 * its pid on standard error, so that a second ssh can kill the group.
 */
export class SshCommand {
  readonly #connection: SshConnection;
  readonly #argv: readonly string[];
  readonly #options: StreamingExecOptions;
  readonly #output: CommandOutput;
  readonly #marker = `xenloop-pid-${randomUUID()}`;
  #client: Ssh | undefined;
  #preamble = Buffer.alloc(0);
  #pid: number | undefined;
  #failure: Failure | undefined;
  #ended = false;
  /** For a limit that is exceeded before the pid is known. */
  #pendingKill: (() => void) | undefined;
  #stopEscalating = () => {};

  constructor(connection: SshConnection, argv: readonly string[], options: StreamingExecOptions) {
    this.#connection = connection;
    this.#argv = argv;
    this.#options = options;
    this.#output = new CommandOutput(argv, options, (failure) => this.#end(failure));
  }

  async run(): Promise<ExecResult> {
    const { input, sink } = this.#options;
    const ssh = execa("ssh", this.#ssh(this.#remoteScript()), SSH_OPTIONS);
    this.#client = ssh;
    const fail = (error: unknown) => this.#end(() => new CommandStreamFailed(this.#argv, error));
    sink?.on("error", fail);
    if (input === undefined) ssh.stdin.end();
    else {
      // A command need not read all of its input; only the source's own failure counts.
      ssh.stdin.on("error", () => input instanceof Readable && input.destroy());
      this.#feed(input, ssh.stdin).catch((error) => {
        if (!ssh.stdin.errored && !this.#ended) fail(error);
      });
    }
    const disarm = watchLimits(this.#argv, this.#options, (failure) => this.#end(failure));
    ssh.stderr.on("data", (chunk: Buffer) => {
      try {
        this.#takeStderr(chunk);
      } catch (error) {
        fail(error);
      }
    });
    this.#takeStdout(ssh.stdout, sink).catch(fail);
    const { exitCode } = await ssh;
    disarm();
    this.#stopEscalating();
    this.#ended = true;
    if (input instanceof Readable) input.destroy();
    if (this.#failure !== undefined) throw this.#failure(this.#output.lastLines());
    if (this.#pid === undefined || exitCode === undefined) {
      throw new SshUnavailable(
        this.#connection.host,
        this.#preamble.toString().trim() || "no reason given",
      );
    }
    return this.#output.result(exitCode);
  }

  /** `env` makes even a shell's own word a program; the final `exit` keeps the shell waiting. */
  #remoteScript(): string {
    const { env = {}, cwd } = this.#options;
    const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return [
      `echo ${this.#marker} $$ >&2`,
      ...(cwd === undefined ? [] : [`cd -- ${shq(cwd)} || exit 125`]),
      shq(["env", ...pairs, ...this.#argv]),
      "exit $?",
    ].join("\n");
  }

  #takeStderr(chunk: Buffer): void {
    if (this.#pid !== undefined) return this.#giveStderr(chunk);
    this.#preamble = Buffer.concat([this.#preamble, chunk]);
    const at = this.#preamble.indexOf(this.#marker);
    const end = at < 0 ? -1 : this.#preamble.indexOf("\n", at);
    if (end < 0) return;
    this.#pid = Number(this.#preamble.toString("latin1", at + this.#marker.length, end));
    this.#giveStderr(this.#preamble.subarray(end + 1));
    this.#pendingKill?.();
  }

  #giveStderr(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#output.addStderr(chunk);
    this.#options.onStderr?.(chunk);
  }

  async #takeStdout(stdout: Readable, sink: Writable | undefined): Promise<void> {
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      this.#output.addStdout(chunk);
      this.#options.onStdout?.(chunk);
      if (sink !== undefined && !sink.write(chunk)) await once(sink, "drain");
    }
  }

  async #feed(input: string | Uint8Array | Readable, stdin: Writable): Promise<void> {
    for await (const piece of input instanceof Readable ? input : [input]) {
      if (!stdin.write(piece)) await once(stdin, "drain");
    }
    stdin.end();
  }

  #end(failure: Failure): void {
    if (this.#ended || this.#failure !== undefined) return;
    this.#failure = failure;
    // Leave standard input open: an end of file would pass off half of it as the whole.
    const kill = (signal: 15 | 9) => {
      this.#pendingKill = () => this.#killRemote(signal);
      if (this.#pid !== undefined) this.#pendingKill();
    };
    this.#stopEscalating = escalate(kill, () => void this.#client?.kill("SIGKILL"));
  }

  #killRemote(signal: 15 | 9): void {
    const script = `kill -s ${signal === 9 ? "KILL" : "TERM"} -- -${this.#pid}`;
    void execa("ssh", this.#ssh(script), { reject: false, stdio: "ignore" });
  }

  /** sudo runs a shell and not the command: of a group that is root's only root can be the end. */
  #ssh(script: string): string[] {
    const { args, sudo } = this.#connection;
    return [...args, sudo ? shq(["sudo", "-n", "--", "sh", "-c", script]) : script];
  }
}
