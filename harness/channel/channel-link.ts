import { randomBytes } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import { ChannelLost, ChannelUnavailable, ChannelVersionMismatch } from "./errors.ts";
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  FrameType,
  HEADER_BYTES,
  headerAt,
  MAX_PAYLOAD,
  PROTOCOL_VERSION,
} from "./frames.ts";

const NONCE_BYTES = 16;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 2000;
/** For an agent that restarts under a live connection. */
const REGREET_MS = 30_000;

/** Completes the half frame that an earlier client may have left with the agent. */
const PADDING = Buffer.alloc(HEADER_BYTES + MAX_PAYLOAD);

export interface LinkListener {
  onFrame(frame: Frame): void;
  /** Everything under way is lost. A new session follows unless the link is closed. */
  onLost(reason: string, cause?: unknown): void;
}

interface Greeting {
  nonce: Buffer;
  /** The end of what was received, as the answer may come in pieces. */
  tail: Buffer;
  stop(): void;
  succeed(): void;
  fail(error: Error): void;
}

/** One connection to the agent: greets, numbers frames, notices every loss and greets again. */
export class ChannelLink {
  readonly #socket: Socket;
  readonly #path: string;
  #listener: LinkListener | undefined;
  #greeting: Greeting | undefined;
  #ready: Promise<void> = Promise.resolve();
  #decoder = new FrameDecoder();
  #sent = 0;
  #received = 0;
  #drained: Promise<void> | undefined;
  #closed: string | undefined;

  constructor(socket: Socket, path: string) {
    this.#socket = socket;
    this.#path = path;
    let cause: Error | undefined;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => (cause = error));
    socket.on("close", () => this.#close("the connection to the machine is closed", cause));
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
  }

  /** Resolves when the agent has answered; greets once more when it has not yet. */
  greet(timeoutMs: number): Promise<void> {
    this.#ready = new Promise<void>((resolve, reject) => {
      const nonce = randomBytes(NONCE_BYTES);
      const hello = encodeFrame({
        type: FrameType.hello,
        stream: PROTOCOL_VERSION,
        payload: nonce,
      });
      let retryMs = FIRST_RETRY_MS;
      const repeat = () => {
        // Nobody reads while the agent is not up: more of the same would only pile up.
        if (this.#socket.writableLength === 0) this.#socket.write(Buffer.concat([PADDING, hello]));
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
        retry = setTimeout(repeat, retryMs);
      };
      let retry = setTimeout(repeat, retryMs);
      const deadline = setTimeout(
        () => this.#greeting?.fail(new ChannelUnavailable(this.#path, timeoutMs)),
        timeoutMs,
      );
      const stop = () => {
        clearTimeout(retry);
        clearTimeout(deadline);
        this.#greeting = undefined;
      };
      this.#greeting = {
        nonce,
        tail: Buffer.alloc(0),
        stop,
        succeed: () => (stop(), resolve()),
        fail: (error) => (stop(), reject(error)),
      };
      this.#socket.write(hello);
    });
    return this.#ready;
  }

  /** Resolves when frames can be sent. */
  async ready(): Promise<void> {
    if (this.#closed !== undefined) throw new ChannelLost("Nothing can run", this.#closed);
    // Again, as the session may have been lost in the moment it began.
    do await this.#ready;
    while (this.#greeting !== undefined);
  }

  /** Returns false when the sender of bulk data should wait for `drained`. */
  send(type: number, stream: number, payload?: Buffer, flags = 0): boolean {
    if (this.#greeting !== undefined || this.#closed !== undefined) return true;
    this.#sent += 1;
    const frame = { type, flags, sequence: this.#sent, stream };
    return this.#socket.write(encodeFrame(payload === undefined ? frame : { ...frame, payload }));
  }

  drained(): Promise<void> {
    this.#drained ??= new Promise((resolve) => {
      const done = () => {
        this.#socket.off("drain", done).off("close", done);
        this.#drained = undefined;
        resolve();
      };
      this.#socket.on("drain", done).on("close", done);
    });
    return this.#drained;
  }

  async close(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.destroy();
    await closed;
  }

  #close(reason: string, cause: unknown): void {
    this.#closed = reason;
    this.#greeting?.fail(new ChannelLost("Nothing can run", reason, cause));
    this.#listener?.onLost(reason, cause);
  }

  #receive(chunk: Buffer): void {
    const frames = this.#decoder.push(
      this.#greeting ? this.#afterAnswer(this.#greeting, chunk) : chunk,
    );
    for (const frame of frames) {
      if (frame.type === FrameType.helloAck) continue; // to a repeated greeting
      if (frame.type === FrameType.reset) return this.#lose("the agent has reset the session");
      this.#received += 1;
      if (frame.sequence !== this.#received) return this.#lose("frames went missing");
      this.#listener?.onFrame(frame);
    }
  }

  /**
   * Looks for the nonce itself, not for frames: bytes of an older session may look like the
   * beginning of a frame and would swallow the answer.
   */
  #afterAnswer(greeting: Greeting, chunk: Buffer): Buffer {
    const bytes = Buffer.concat([greeting.tail, chunk]);
    const at = bytes.indexOf(greeting.nonce);
    const header = headerAt(bytes, at - HEADER_BYTES);
    if (at < 0 || header?.type !== FrameType.helloAck) {
      greeting.tail = bytes.subarray(-(HEADER_BYTES + NONCE_BYTES - 1));
      return Buffer.alloc(0);
    }
    if (header.stream !== PROTOCOL_VERSION) {
      greeting.fail(new ChannelVersionMismatch(header.stream, PROTOCOL_VERSION));
      return Buffer.alloc(0);
    }
    this.#decoder = new FrameDecoder();
    this.#sent = this.#received = 0;
    greeting.succeed();
    return bytes.subarray(at + NONCE_BYTES);
  }

  #lose(reason: string): void {
    this.#decoder = new FrameDecoder();
    // Whoever sends next awaits it; nobody may.
    this.greet(REGREET_MS).catch(() => undefined);
    this.#listener?.onLost(reason);
  }
}

export async function connectSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once("error", reject);
    socket.once("connect", () => resolve(socket.off("error", reject)));
  });
}
