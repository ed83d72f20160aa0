import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";

/** A member of a zip archive, read when asked for. */
export interface ZipMember {
  name: string;
  /** Uncompressed, as the archive says. */
  bytes: number;
  /** @throws when the bytes are damaged, or more than `bytes` */
  read(): Promise<Buffer>;
}

const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const COMMENT_MAX = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * Opens a zip archive and hands its members to `use`; the archive is closed afterwards. Knows what
 * CI services write: stored and deflated members, without encryption, below 4 GiB.
 * @throws Error in words when it is not such an archive
 */
export async function withZip<T>(
  path: string,
  use: (members: ZipMember[]) => Promise<T>,
): Promise<T> {
  const file = await open(path, "r");
  try {
    return await use(await membersOf(file));
  } finally {
    await file.close();
  }
}

async function membersOf(file: FileHandle): Promise<ZipMember[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - END_BYTES - COMMENT_MAX), size);
  let at = tail.length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw new Error("it is not a zip archive");
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const start = tail.readUInt32LE(at + 16);
  if (start === 0xffffffff || count === 0xffff) throw new Error("it is larger than zip32 can hold");
  const directory = await readAt(file, start, start + length);
  const members: ZipMember[] = [];
  for (let entry = 0; members.length < count;) {
    if (entry + CENTRAL_BYTES > directory.length || directory.readUInt32LE(entry) !== CENTRAL) {
      throw new Error("its directory is damaged");
    }
    const names = directory.readUInt16LE(entry + 28);
    const name = directory.toString("utf8", entry + CENTRAL_BYTES, entry + CENTRAL_BYTES + names);
    members.push(memberOf(file, name, directory.subarray(entry, entry + CENTRAL_BYTES)));
    entry +=
      CENTRAL_BYTES +
      names +
      directory.readUInt16LE(entry + 30) +
      directory.readUInt16LE(entry + 32);
  }
  return members;
}

function memberOf(file: FileHandle, name: string, header: Buffer): ZipMember {
  const method = header.readUInt16LE(10);
  const sum = header.readUInt32LE(16);
  const packed = header.readUInt32LE(20);
  const bytes = header.readUInt32LE(24);
  const start = header.readUInt32LE(42);
  return {
    name,
    bytes,
    async read() {
      const local = await readAt(file, start, start + LOCAL_BYTES);
      if (local.readUInt32LE(0) !== LOCAL) throw new Error(`${name} is damaged`);
      const from = start + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
      const data = await readAt(file, from, from + packed);
      if (method !== STORED && method !== DEFLATED)
        throw new Error(`${name} is packed by the unknown method ${method}`);
      // A member that unpacks to more than it says is not unpacked to its end.
      const limit = { maxOutputLength: Math.max(bytes, 1) };
      const content =
        method === STORED ? data : ((await promisify(inflateRaw)(data, limit)) as Buffer);
      if (crc32(content) !== sum) throw new Error(`${name} is damaged: its checksum is wrong`);
      return content;
    },
  };
}

async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const { size } = await file.stat();
  if (from < 0 || to > size || to < from) throw new Error("it ends too early");
  const buffer = Buffer.alloc(to - from);
  for (let done = 0; done < buffer.length;) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, from + done);
    if (bytesRead === 0) throw new Error("it ends too early");
    done += bytesRead;
  }
  return buffer;
}
