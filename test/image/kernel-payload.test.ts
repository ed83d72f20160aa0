import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { unpackKernel } from "../../harness/image/kernel-payload.ts";

const KERNEL = Buffer.concat([Buffer.from("\x7fELF", "latin1"), Buffer.alloc(70_000, "linux ")]);
const SETUP_SECTORS = 4;
const CODE_BYTES = 300;

/** A bzImage as the kernel's build lays it out: setup, code that unpacks, payload, more code. */
function bzImage(payload: Buffer): Buffer {
  const setup = Buffer.alloc((SETUP_SECTORS + 1) * 512);
  setup.writeUInt8(SETUP_SECTORS, 0x1f1);
  setup.write("HdrS", 0x202, "latin1");
  setup.writeUInt32LE(CODE_BYTES, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, Buffer.alloc(CODE_BYTES, 0x90), payload, Buffer.alloc(999, 0x91)]);
}

function packed(argv: readonly string[], what = KERNEL): Buffer {
  const [program = "", ...words] = argv;
  return execFileSync(program, words, { input: what });
}

const size = Buffer.alloc(4);
size.writeUInt32LE(KERNEL.length);

const WAYS: Record<string, () => Buffer> = {
  xz: () => Buffer.concat([packed(["xz", "--check=crc32", "-c"]), size]),
  zstd: () => Buffer.concat([packed(["zstd", "-q", "-c"]), size]),
  gzip: () => packed(["gzip", "-c"]),
};

for (const [name, payload] of Object.entries(WAYS)) {
  t.test(`a kernel packed with ${name} is unpacked`, async (t) => {
    const dir = t.testdir({});
    writeFileSync(join(dir, "vmlinuz"), bzImage(payload()));
    await unpackKernel(join(dir, "vmlinuz"), join(dir, "vmlinux"));
    t.ok(readFileSync(join(dir, "vmlinux")).equals(KERNEL), "to the last byte");
  });
}

const WRONG: Record<string, [file: () => Buffer, says: RegExp]> = {
  "a file that is no kernel": [() => Buffer.alloc(2000), /is no bzImage/],
  "an unknown packing": [() => bzImage(Buffer.from("lzo?....")), /unknown way.*6c7a6f3f2e2e/],
  "a payload that is no ELF file": [
    () => bzImage(packed(["gzip", "-c"], Buffer.from("MZ...."))),
    /holds no ELF file/,
  ],
};

for (const [name, [file, says]] of Object.entries(WRONG)) {
  t.test(`${name} fails the image's build`, async (t) => {
    const dir = t.testdir({});
    writeFileSync(join(dir, "vmlinuz"), file());
    await t.rejects(unpackKernel(join(dir, "vmlinuz"), join(dir, "vmlinux")), {
      code: "IMAGE_BUILD_FAILED",
      message: says,
    });
  });
}
