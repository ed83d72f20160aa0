import { open, readFile } from "node:fs/promises";
import { runTool } from "../base/process.ts";
import { ImageBuildFailed } from "./errors.ts";

/** Linux' boot protocol, Documentation/arch/x86/boot.rst: offsets in a bzImage. */
const SETUP_SECTORS = 0x1f1;
const MAGIC = 0x202;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const SECTOR = 512;
const ELF = Buffer.from("\x7fELF", "latin1");

/**
 * What Debian packs kernels with, by the payload's first bytes. Behind those without one of their
 * own the kernel's build puts the unpacked size.
 */
const UNPACKERS: readonly { begins: string; argv: readonly string[]; sizeBytes: number }[] = [
  { begins: "fd377a585a00", argv: ["xz", "-dc"], sizeBytes: 4 },
  { begins: "28b52ffd", argv: ["zstd", "-dc", "-q"], sizeBytes: 4 },
  { begins: "1f8b08", argv: ["gzip", "-dc"], sizeBytes: 0 },
];

/**
 * Writes the ELF kernel that a bzImage has packed. libxl unpacks a PV or PVH guest's kernel in
 * dom0 at each start, for xz under emulation 9 of the 10 s it takes to create the guest.
 * @throws {ImageBuildFailed}
 */
export async function unpackKernel(
  bzImage: string,
  output: string,
  signal?: AbortSignal,
): Promise<void> {
  const image = await readFile(bzImage);
  if (image.toString("latin1", MAGIC, MAGIC + 4) !== "HdrS") {
    throw new ImageBuildFailed("the guests' kernel", `${bzImage} is no bzImage`);
  }
  const setup = (image.readUInt8(SETUP_SECTORS) + 1) * SECTOR;
  const start = setup + image.readUInt32LE(PAYLOAD_OFFSET);
  const payload = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH));
  const found = payload.toString("hex", 0, 6);
  const unpacker = UNPACKERS.find(({ begins }) => found.startsWith(begins));
  if (!unpacker) {
    const how = `${bzImage} is packed in an unknown way, its payload begins with ${found}`;
    throw new ImageBuildFailed("the guests' kernel", how);
  }
  await runTool(unpacker.argv, {
    input: payload.subarray(0, payload.length - unpacker.sizeBytes),
    stdoutFile: output,
    timeoutMs: 120_000,
    ...(signal && { signal }),
  });
  await using file = await open(output);
  const { buffer } = await file.read(Buffer.alloc(ELF.length), 0, ELF.length, 0);
  if (!buffer.equals(ELF)) {
    throw new ImageBuildFailed("the guests' kernel", `${bzImage} holds no ELF file`);
  }
}
