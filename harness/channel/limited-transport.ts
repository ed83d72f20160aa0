import type { Readable, Writable } from "node:stream";
import type { ExecOptions, Transport } from "./transport.ts";

/** What ends a transfer early; the deadline is for each of its steps. */
export type TransferLimits = Pick<ExecOptions, "timeoutMs" | "signal">;

/** A transport whose transfers can be given up. */
export interface LimitedTransport extends Omit<Transport, "upload" | "download"> {
  upload(source: Readable, path: string, mode?: number, limits?: TransferLimits): Promise<void>;
  download(path: string, sink: Writable, limits?: TransferLimits): Promise<void>;
}
