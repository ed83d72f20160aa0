import t from "tap";
import {
  compareVersions,
  parseQemuVersion,
  qemuVersion,
} from "../../harness/machine/qemu-version.ts";
import { fixture } from "../fixtures/machine/tiny.ts";

t.test("reads the distributions' wording", async (t) => {
  t.equal(
    parseQemuVersion("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)\nCopyright"),
    "7.2.22",
  );
  t.equal(parseQemuVersion("QEMU emulator version 10.0.2"), "10.0.2");
  t.equal(parseQemuVersion("qemu-img version 7.2.22"), undefined);
});

t.test("asks the binary", async (t) => {
  t.match(await qemuVersion("qemu-system-x86_64"), /^\d+\.\d+\.\d+$/);
  await t.rejects(qemuVersion(fixture("not-qemu")), { code: "QEMU_VERSION_UNKNOWN" });
  await t.rejects(qemuVersion("qemu-system-none"), { code: "TOOL_MISSING" });
});

t.test("compares by number", async (t) => {
  t.equal(compareVersions("7.2.22", "7.10.0"), -1);
  t.equal(compareVersions("10.0.0", "9.2.4"), 1);
  t.equal(compareVersions("7.0", "7.0.0"), 0);
});
