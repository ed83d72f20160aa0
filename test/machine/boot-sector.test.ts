import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import {
  parseProbeOutput,
  PROBE_PROGRAM,
  writeBootDisk,
} from "../../harness/machine/boot-sector.ts";

t.test("a boot disk is one signed sector and a hole", async (t) => {
  const path = join(t.testdir(), "disk");
  await writeBootDisk(path, PROBE_PROGRAM);
  const disk = readFileSync(path);
  t.equal(disk.length, 1024 * 1024);
  t.ok(PROBE_PROGRAM.length <= 510);
  t.same(disk.subarray(0, PROBE_PROGRAM.length), Buffer.from(PROBE_PROGRAM));
  t.equal(disk.readUInt16BE(510), 0x55aa);
  t.ok(disk.subarray(512).every((byte) => byte === 0));
});

t.test("the report is read when it is whole", async (t) => {
  const noise = "SeaBIOS (version 1.16.2)\r\n";
  t.same(parseProbeOutput(`${noise}xenloop sector s 000120F0\n`), { virt: "svm", rounds: 0x120f0 });
  t.same(parseProbeOutput("xenloop sector v 00000001\n"), { virt: "vmx", rounds: 1 });
  t.same(parseProbeOutput("xenloop sector - 00000000\n"), { virt: undefined, rounds: 0 });
  t.equal(parseProbeOutput("xenloop sector s 000120F"), undefined);
  t.equal(parseProbeOutput(noise), undefined);
});
