import { crc32 } from "node:zlib";

/**
 * The protocol between the harness and the agent in dom0 (images/agent/wire.py, its other half).
 *
 * A frame is a 20-byte header and a payload, integers big-endian:
 *
 *     magic a5 58 | type u8 | flags u8 | sequence u32 | stream u32 | length u32 | crc32 of these
 *
 * The client opens a session with `hello` (stream: protocol version, payload: a fresh nonce) and
 * repeats it until `helloAck` brings the nonce back. Until then it discards whatever arrives, as
 * it may be the rest of somebody else's session; the agent kills what that session left running.
 * From then on both sides number their frames from 1. A gap, an agent that knows no session, or a
 * `start` that cannot be read means `reset`: all that is under way is lost, and the client greets
 * again.
 *
 * A stream is one command: `start`, then `stdin`/`stdinEof` and `kill` from the client, `stdout`,
 * `stderr` and one `exit` from the agent (whose `stdinEof` says that nobody reads any more). Each
 * of the three byte streams has a window of credit that its receiver tops up with `credit`, so a
 * command that stands still holds up no other and memory stays flat.
 */
export const PROTOCOL_VERSION = 1;

export const FrameType = {
  hello: 1,
  helloAck: 2,
  reset: 3,
  start: 4,
  stdin: 5,
  stdinEof: 6,
  stdout: 7,
  stderr: 8,
  exit: 9,
  kill: 10,
  credit: 11,
  ping: 12,
  pong: 13,
} as const;

/** `more`: the payload goes on in the stream's next `start`. */
export const StartFlag = { stdin: 1, detached: 2, more: 4 } as const;
export const CreditFlag = { stdin: 0, stdout: 1, stderr: 2 } as const;

export interface Frame {
  type: number;
  flags: number;
  sequence: number;
  stream: number;
  payload: Buffer;
}

const MAGIC = Buffer.from([0xa5, 0x58]);
const CHECKED_BYTES = 16;
export const HEADER_BYTES = CHECKED_BYTES + 4;
/** With its header, what one write to a virtio port can move. */
export const MAX_PAYLOAD = 32 * 1024 - HEADER_BYTES;
/** Initial credit, in bytes, of each of a command's three streams. */
export const WINDOW = 1024 * 1024;

const NONE = Buffer.alloc(0);

export function encodeFrame(frame: Partial<Frame> & { type: number }): Buffer {
  const payload = frame.payload ?? NONE;
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  MAGIC.copy(bytes);
  bytes.writeUInt8(frame.type, 2);
  bytes.writeUInt8(frame.flags ?? 0, 3);
  bytes.writeUInt32BE(frame.sequence ?? 0, 4);
  bytes.writeUInt32BE(frame.stream ?? 0, 8);
  bytes.writeUInt32BE(payload.length, 12);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
  payload.copy(bytes, HEADER_BYTES);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The header at `offset` and its payload's length, or undefined where there is none. */
export function headerAt(
  bytes: Buffer,
  offset: number,
): (Omit<Frame, "payload"> & { length: number }) | undefined {
  if (offset < 0 || bytes.length - offset < HEADER_BYTES) return undefined;
  if (bytes[offset] !== MAGIC[0] || bytes[offset + 1] !== MAGIC[1]) return undefined;
  const length = bytes.readUInt32BE(offset + 12);
  const check = bytes.readUInt32BE(offset + CHECKED_BYTES);
  if (length > MAX_PAYLOAD || check !== crc32(bytes.subarray(offset, offset + CHECKED_BYTES))) {
    return undefined;
  }
  return {
    type: bytes.readUInt8(offset + 2),
    flags: bytes.readUInt8(offset + 3),
    sequence: bytes.readUInt32BE(offset + 4),
    stream: bytes.readUInt32BE(offset + 8),
    length,
  };
}

/** Finds the frames in bytes that arrive in any pieces, and skips what lies between them. */
export class FrameDecoder {
  #rest: Buffer = NONE;
  /** Bytes skipped so far because they were no frame. */
  discarded = 0;

  push(chunk: Buffer): Frame[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const header = headerAt(bytes, at);
      if (header === undefined) {
        const next = bytes.indexOf(MAGIC, at + 1);
        const skipTo = next >= 0 ? next : bytes.length - 1;
        this.discarded += skipTo - at;
        at = skipTo;
        continue;
      }
      const { length, ...fields } = header;
      const end = at + HEADER_BYTES + length;
      if (end > bytes.length) break;
      frames.push({ ...fields, payload: bytes.subarray(at + HEADER_BYTES, end) });
      at = end;
    }
    this.#rest = bytes.subarray(at);
    return frames;
  }
}
