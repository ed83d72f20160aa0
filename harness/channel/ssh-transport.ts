import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { SshUnavailable } from "./errors.ts";
import { downloadOver, type StreamingExecOptions, uploadOver } from "./file-transfer.ts";
import { SshCommand } from "./ssh-command.ts";
import { checkCommand } from "./start-request.ts";
import type { ExecOptions, ExecResult, TransferLimits, Transport } from "./transport.ts";

/** A unix socket's path has 108 bytes, and ssh appends 17 to the control path for a while. */
const LONGEST_CONTROL_DIR = 80;

export interface SshTarget {
  port: number;
  identityFile: string;
  /** Default 127.0.0.1, where machines forward their ssh port to. */
  host?: string;
  /** Default root. */
  user?: string;
  /** Every command is root's, by a sudo that asks nothing. */
  sudo?: boolean;
  /**
   * Whose host key is not made anew at each start: it must be known, to ssh as it is set up or to
   * the file named here.
   */
  knownHosts?: "own" | { file: string };
  /** Seconds for one attempt to connect; default 10. */
  connectTimeoutSeconds?: number;
}

/** Options for any ssh to a test host: nothing of the user's own configuration, no questions. */
export function sshOptions(target: SshTarget): string[] {
  const options = {
    BatchMode: "yes",
    IdentitiesOnly: "yes",
    IdentityFile: target.identityFile,
    ...hostKeyOptions(target),
    LogLevel: "ERROR",
    ConnectTimeout: String(target.connectTimeoutSeconds ?? 10),
    Port: String(target.port),
    User: target.user ?? "root",
  };
  return ["-F", "none", ...Object.entries(options).flatMap(([k, v]) => ["-o", `${k}=${v}`])];
}

function hostKeyOptions({ knownHosts }: SshTarget): Record<string, string> {
  if (knownHosts === "own") return { StrictHostKeyChecking: "yes" };
  if (knownHosts) return { StrictHostKeyChecking: "yes", UserKnownHostsFile: knownHosts.file };
  const nothing = "/dev/null";
  return {
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: nothing,
    GlobalKnownHostsFile: nothing,
  };
}

/** Commands over the system's ssh; one connection serves them all. */
export class SshTransport implements Transport {
  readonly kind = "ssh";
  readonly #controlDir: string;
  readonly #host: string;
  readonly #args: string[];
  readonly #sudo: boolean;

  private constructor(target: SshTarget, controlDir: string) {
    this.#controlDir = controlDir;
    this.#host = target.host ?? "127.0.0.1";
    this.#sudo = target.sudo === true;
    this.#args = [
      ...sshOptions(target),
      ...["-o", "ControlMaster=auto", "-o", `ControlPath=${controlDir}/c`],
      ...["-o", "ControlPersist=60", "-T", this.#host],
    ];
  }

  /** Throws `SshUnavailable` when the host cannot be reached within `connectTimeoutSeconds`. */
  static async connect(target: SshTarget, options: ExecOptions = {}): Promise<SshTransport> {
    const parent = tmpdir().length <= LONGEST_CONTROL_DIR ? tmpdir() : "/tmp";
    const transport = new SshTransport(target, await mkdtemp(join(parent, "xenloop-ssh-")));
    try {
      const { exitCode, stderr } = await transport.exec(["true"], options);
      if (exitCode !== 0) throw new SshUnavailable(transport.#host, stderr);
      return transport;
    } catch (error) {
      await transport.close();
      throw error;
    }
  }

  async exec(argv: readonly string[], options: StreamingExecOptions = {}): Promise<ExecResult> {
    checkCommand(argv, options);
    const connection = { args: this.#args, host: this.#host, sudo: this.#sudo };
    return new SshCommand(connection, argv, options).run();
  }

  upload(source: Readable, path: string, mode?: number, limits?: TransferLimits): Promise<void> {
    return uploadOver((argv, options) => this.exec(argv, options), source, path, mode, limits);
  }

  download(path: string, sink: Writable, limits?: TransferLimits): Promise<void> {
    return downloadOver((argv, options) => this.exec(argv, options), path, sink, limits);
  }

  async close(): Promise<void> {
    // Fails when the connection is gone already, which is as good.
    await execa("ssh", ["-O", "exit", ...this.#args], { reject: false, stdio: "ignore" });
    await rm(this.#controlDir, { recursive: true, force: true });
  }
}
