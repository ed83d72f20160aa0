import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { ChannelLink, connectSocket } from "./channel-link.ts";
import { ChannelLost, ChannelUnavailable } from "./errors.ts";
import { downloadOver, uploadOver } from "./file-transfer.ts";
import type { Frame } from "./frames.ts";
import { type ChannelExecOptions, RemoteCommand } from "./remote-command.ts";
import { checkCommand } from "./start-request.ts";
import type { ExecResult, TransferLimits, Transport } from "./transport.ts";

const CONNECT_RETRY_MS = 20;

export interface ChannelConnectOptions {
  /** Milliseconds until `ChannelUnavailable`; spans a boot when the machine has just started. */
  timeoutMs: number;
  /** Its reason is thrown. */
  signal?: AbortSignal;
}

/** Commands over a machine's virtio-serial port, which QEMU shows as a unix socket. */
export class ChannelTransport implements Transport {
  readonly kind = "channel";
  readonly #link: ChannelLink;
  readonly #commands = new Map<number, RemoteCommand>();
  #lastStream = 0;

  private constructor(link: ChannelLink) {
    this.#link = link;
    link.listen({
      onFrame: (frame) => this.#dispatch(frame),
      onLost: (reason, cause) => {
        for (const command of this.#commands.values()) command.lost(reason, cause);
      },
    });
  }

  /** Tries until somebody listens on the socket and the agent answers. */
  static async connect(
    socketPath: string,
    { timeoutMs, signal }: ChannelConnectOptions,
  ): Promise<ChannelTransport> {
    const deadline = performance.now() + timeoutMs;
    let cause: unknown;
    for (;;) {
      signal?.throwIfAborted();
      const left = deadline - performance.now();
      if (left <= 0) throw new ChannelUnavailable(socketPath, timeoutMs, cause);
      try {
        return await ChannelTransport.#greet(socketPath, left, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof ChannelLost) && !isSystemError(error)) throw error;
        cause = error;
        await delay(CONNECT_RETRY_MS);
      }
    }
  }

  static async #greet(path: string, ms: number, abort?: AbortSignal): Promise<ChannelTransport> {
    const link = new ChannelLink(await connectSocket(path), path);
    const close = () => void link.close();
    abort?.addEventListener("abort", close, { once: true });
    try {
      await link.greet(ms);
      return new ChannelTransport(link);
    } catch (error) {
      await link.close();
      throw error;
    } finally {
      abort?.removeEventListener("abort", close);
    }
  }

  async exec(argv: readonly string[], options: ChannelExecOptions = {}): Promise<ExecResult> {
    checkCommand(argv, options);
    const stream = ++this.#lastStream;
    const command = new RemoteCommand(this.#link, stream, argv, options);
    this.#commands.set(stream, command);
    this.#link.ready().then(
      () => command.start(),
      (error: unknown) => command.reject(error),
    );
    try {
      return await command.result;
    } finally {
      this.#commands.delete(stream);
    }
  }

  upload(source: Readable, path: string, mode?: number, limits?: TransferLimits): Promise<void> {
    return uploadOver((argv, options) => this.exec(argv, options), source, path, mode, limits);
  }

  download(path: string, sink: Writable, limits?: TransferLimits): Promise<void> {
    return downloadOver((argv, options) => this.exec(argv, options), path, sink, limits);
  }

  /** Ends what is still running in dom0, too. */
  close(): Promise<void> {
    return this.#link.close();
  }

  #dispatch(frame: Frame): void {
    this.#commands.get(frame.stream)?.onFrame(frame);
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
