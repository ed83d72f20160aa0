import type { Readable, Writable } from "node:stream";
import type { StreamingExecOptions } from "../channel/file-transfer.ts";
import { shq } from "../channel/shell-quote.ts";
import type { ExecOptions, ExecResult, TransferLimits, Transport } from "../channel/transport.ts";
import { DomZeroCommandFailed, DomZeroExhausted } from "./errors.ts";
import type { GuestKit } from "./guest-kit.ts";
import { reachHost, type HostReach } from "./reach.ts";

/** Everything another process needs to use a booted host; plain JSON. */
export interface HostHandle {
  /** Name of the host file, e.g. `debian-12`. */
  name: string;
  /** This host's own name in its network. */
  hostname: string;
  reach: HostReach;
  /** Deadlines inside the host are multiplied by this. */
  timeFactor: number;
  kernelVersion: string;
  /** What guests are started with. */
  kit: GuestKit;
  /** Of a host that was there before and will be afterwards: what is done to it stays. */
  lasting?: LastingHost;
}

export interface LastingHost {
  /** When this cell got it, in seconds of its own clock. */
  since: number;
  /** Guests that are somebody else's. */
  guests: string[];
}

export interface RunOptions extends ExecOptions {
  /** Resolve whatever the exit status; otherwise a status other than 0 throws. */
  anyStatus?: boolean;
}

/** libvirt's URI for Xen, as every command of ours names it. */
export const XEN_URI = "xen:///system";
const DEFAULT_TIMEOUT_MS = 60_000;
/** The agent's own words; with any status allowed they would pass for an answer. */
const NOT_STARTED = /^xenloop-agent: .*: Too many open files/;

/** A host on which commands can be run. Who holds one need not own the machine. */
export class BootedHost {
  readonly #transport: Transport;

  constructor(
    readonly handle: HostHandle,
    transport: Transport,
  ) {
    this.#transport = transport;
  }

  /** Joins a host that another process booted. One process at a time holds its channel. */
  static async attach(handle: HostHandle, timeoutMs: number): Promise<BootedHost> {
    return new BootedHost(handle, await reachHost(handle.reach, { timeoutMs }));
  }

  get name(): string {
    return this.handle.name;
  }

  /**
   * Runs a command in dom0. `timeoutMs` is for a machine of factor 1 and is scaled;
   * 60 s unless told.
   * @throws {DomZeroCommandFailed | DomZeroExhausted | CommandTimeout | CommandOutputTooLong | ChannelLost}
   */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<ExecResult> {
    const { anyStatus = false, timeoutMs = DEFAULT_TIMEOUT_MS, ...rest } = options;
    const scaled = timeoutMs * this.handle.timeFactor;
    const result = await this.#transport.exec(argv, { ...rest, timeoutMs: scaled });
    if (NOT_STARTED.test(result.stderr)) throw new DomZeroExhausted(shq(argv), result.stderr);
    if (result.exitCode !== 0 && !anyStatus) {
      throw new DomZeroCommandFailed(shq(argv), result.exitCode, result.stderr);
    }
    return result;
  }

  /** The same however long it takes, for somebody who talks with it; whatever its exit status. */
  converse(
    argv: readonly string[],
    options: Omit<StreamingExecOptions, "timeoutMs">,
  ): Promise<ExecResult> {
    return this.#transport.exec(argv, options);
  }

  virsh(argv: readonly string[], options?: RunOptions): Promise<ExecResult> {
    return this.run(["virsh", "--connect", XEN_URI, ...argv], options);
  }

  xl(argv: readonly string[], options?: RunOptions): Promise<ExecResult> {
    return this.run(["xl", ...argv], options);
  }

  /** Takes as long as it takes, unless limited; a deadline is scaled as that of `run`. */
  upload(source: Readable, path: string, mode?: number, limits?: TransferLimits): Promise<void> {
    return this.#transport.upload(source, path, mode, this.#scaled(limits));
  }

  download(path: string, sink: Writable, limits?: TransferLimits): Promise<void> {
    return this.#transport.download(path, sink, this.#scaled(limits));
  }

  /** Leaves the host running. */
  detach(): Promise<void> {
    return this.#transport.close();
  }

  #scaled({ timeoutMs, ...rest }: TransferLimits = {}): TransferLimits {
    if (timeoutMs === undefined) return rest;
    return { ...rest, timeoutMs: timeoutMs * this.handle.timeFactor };
  }
}
