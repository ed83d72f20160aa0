import { EventEmitter } from "node:events";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../base/error.ts";
import { QmpCommandFailed, QmpDisconnected, QmpProtocolError, QmpTimeout } from "./errors.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
/** The socket appears some milliseconds after QEMU starts, and nothing announces it. */
const CONNECT_RETRY_MS = 5;

export interface QmpEvent {
  event: string;
  data: Record<string, unknown>;
}

export interface WaitOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

interface Pending {
  awaited: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A line of QEMU's monitor; which keys are there tells what it is. */
interface Message {
  QMP?: { version: { qemu: { major: number; minor: number; micro: number } } };
  id?: number;
  return?: unknown;
  error?: { class: string; desc: string };
  event?: string;
  data?: Record<string, unknown>;
}

/**
 * QEMU's machine protocol on a unix socket (docs/interop/qmp-spec). Emits `event` for each
 * event, and `close` once when the connection ends, whoever ends it.
 */
export class QmpClient extends EventEmitter<{ event: [QmpEvent]; close: [] }> {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #greet: ((version: string) => void) | undefined;
  #lost: Error | undefined;
  #nextId = 1;
  #closed = false;
  /** QEMU's version as `major.minor.micro`. */
  version = "";

  private constructor(socket: Socket) {
    super();
    // Every wait for an event is a listener; many at once are no leak.
    this.setMaxListeners(0);
    this.#socket = socket;
    createInterface({ input: socket })
      .on("line", (line) => this.#receive(line))
      // It repeats the socket's own error.
      .on("error", (error) => (this.#lost ??= error));
    socket.on("close", () => this.#onClose());
  }

  /**
   * Waits for the socket, the greeting and the end of the capability negotiation.
   * @throws {QmpTimeout | QmpDisconnected | QmpProtocolError}
   */
  static async connect(path: string, options: WaitOptions = {}): Promise<QmpClient> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    const deadline = Date.now() + timeoutMs;
    const client = new QmpClient(await openSocket(path, timeoutMs, signal));
    try {
      client.version = await client.#await<string>("a greeting", options, (resolve) => {
        client.#greet = resolve;
      });
      await client.execute("qmp_capabilities", undefined, {
        ...options,
        timeoutMs: Math.max(1, deadline - Date.now()),
      });
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @throws {QmpCommandFailed | QmpTimeout | QmpDisconnected} */
  execute<T = unknown>(
    command: string,
    args?: Record<string, unknown>,
    options: WaitOptions = {},
  ): Promise<T> {
    const id = this.#nextId++;
    return this.#await<T>(`the answer to ${command}`, options, (resolve, reject) => {
      this.#pending.set(id, { awaited: command, resolve: resolve as Pending["resolve"], reject });
      const line = { execute: command, ...(args === undefined ? {} : { arguments: args }), id };
      this.#socket.write(`${JSON.stringify(line)}\n`);
      return () => this.#pending.delete(id);
    });
  }

  /** The next such event from now on, so ask before the command that causes it. */
  waitForEvent(
    name: string,
    options: WaitOptions & { where?: (data: QmpEvent["data"]) => boolean } = {},
  ): Promise<QmpEvent> {
    return this.#await<QmpEvent>(`the event ${name}`, options, (resolve) => {
      const listener = (event: QmpEvent) => {
        if (event.event === name && (options.where?.(event.data) ?? true)) resolve(event);
      };
      this.on("event", listener);
      return () => this.off("event", listener);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Every wait ends by its answer, its deadline, its signal, or the loss of the connection. */
  #await<T>(
    awaited: string,
    { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: WaitOptions,
    start: (resolve: (value: T) => void, reject: (error: Error) => void) => (() => unknown) | void,
  ): Promise<T> {
    let stop: (() => unknown) | void;
    let timer: NodeJS.Timeout | undefined;
    let onAbort: () => void = () => undefined;
    let onClose: () => void = () => undefined;
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw new QmpDisconnected(awaited, this.#lost);
      onAbort = () => reject(signal?.reason as Error);
      onClose = () =>
        reject(
          this.#lost instanceof QmpProtocolError
            ? this.#lost
            : new QmpDisconnected(awaited, this.#lost),
        );
      signal?.addEventListener("abort", onAbort);
      this.once("close", onClose);
      timer = setTimeout(() => reject(new QmpTimeout(awaited, timeoutMs)), timeoutMs);
      stop = start(resolve, reject);
    }).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.off("close", onClose);
      stop?.();
    });
  }

  #receive(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      this.#lost = new QmpProtocolError(line);
      this.#socket.destroy();
      return;
    }
    if (message.QMP !== undefined) {
      const { major, minor, micro } = message.QMP.version.qemu;
      this.#greet?.(`${major}.${minor}.${micro}`);
    } else if (message.event !== undefined) {
      this.emit("event", { event: message.event, data: message.data ?? {} });
    } else if (message.id !== undefined) {
      const pending = this.#pending.get(message.id);
      if (message.error === undefined) pending?.resolve(message.return);
      else {
        const { class: errorClass, desc } = message.error;
        pending?.reject(new QmpCommandFailed(pending.awaited, errorClass, desc));
      }
    }
  }

  #onClose(): void {
    this.#closed = true;
    this.emit("close");
  }
}

async function openSocket(path: string, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = createConnection(path);
        socket.once("connect", () => resolve(socket.removeAllListeners("error")));
        socket.once("error", reject);
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ECONNREFUSED") {
        throw new QmpDisconnected(`a connection (${messageOf(error)})`, error);
      }
      if (Date.now() >= deadline) throw new QmpTimeout("its monitor socket", timeoutMs, error);
    }
    await delay(CONNECT_RETRY_MS, undefined, signal === undefined ? {} : { signal });
  }
}
