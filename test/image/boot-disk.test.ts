import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { buildBootDisk, partitionTable } from "../../harness/image/boot-disk.ts";
import { grubBootCode } from "../../harness/image/grub-boot-code.ts";

const MEBIBYTE = 1024 * 1024;
const scratch = mkdtempSync(join(tmpdir(), "xenloop-boot-disk-"));
t.teardown(() => rmSync(scratch, { recursive: true, force: true }));
const kernel = join(scratch, "kernel");
writeFileSync(kernel, "a kernel");

async function built(name: string): Promise<Buffer> {
  const output = join(scratch, name);
  await buildBootDisk({ kernel, initrd: kernel, scratch, output });
  return readFile(output);
}

t.test("the same kernel and initrd are the same disk every time", async (t) => {
  t.ok((await built("one")).equals(await built("two")));
});

t.test("its one partition is active, and a file system that holds the kernel", async (t) => {
  const disk = await built("three");
  const size = disk.length - MEBIBYTE;
  t.same(disk.subarray(0, 512), partitionTable(size));
  t.equal(disk.readUInt8(446), 0x80, "active");
  t.equal(disk.readUInt32LE(454) * 512, MEBIBYTE, "begins where the file system does");
  t.equal(disk.readUInt32LE(458) * 512, size, "and ends with the disk");
  const partition = join(scratch, "partition");
  writeFileSync(partition, disk.subarray(MEBIBYTE));
  const argv = ["debugfs", "-R", "cat /boot/vmlinuz", partition];
  t.equal((await runTool(argv, { timeoutMs: 30_000 })).stdout, "a kernel");
});

t.test("GRUB's parts fit before the partition and leave the table alone", async (t) => {
  const { bootSector, core } = await grubBootCode();
  t.equal(bootSector.length, 512);
  t.ok(512 + core.length < MEBIBYTE, `${core.length} bytes behind the boot sector`);
  t.equal(core.readUInt32LE(500), 2, "it loads its rest from the third sector on");
});
