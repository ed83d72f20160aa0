import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { probeXen, probeXenOnKvm } from "../../harness/machine/xen-probe.ts";
import { fixture, talker } from "../fixtures/machine/tiny.ts";

const BANNER = "(XEN) Xen version 4.17.5 (Debian 4.17.5+72-g01140da4e8-1) (x@y) (gcc) debug=n\r\n";

function hypervisor(t: Test, text: string): string {
  const path = join(t.testdir(), "xen");
  writeFileSync(path, talker(text));
  return path;
}

t.test("works when the CPUs are up", async (t) => {
  const text = `${BANNER}(XEN) [    0.9] HVM: SVM enabled\r\n(XEN) [    1.0] Brought up 2 CPUs\r\n`;
  t.match(await probeXen(hypervisor(t, text), { accel: "tcg" }), {
    works: true,
    reason: "",
    version: "4.17.5 (Debian 4.17.5+72-g01140da4e8-1)",
    hvm: true,
  });
});

t.test("a panic is the reason", async (t) => {
  const text = `${BANNER}(XEN) Panic on CPU 0:\r\n(XEN) IO-APIC + timer doesn't work!\r\n`;
  t.match(await probeXen(hypervisor(t, text), { accel: "tcg" }), {
    works: false,
    reason: "Xen panics on CPU 0: IO-APIC + timer doesn't work!",
    version: /^4\.17\.5/,
    hvm: false,
  });
});

t.test("a hypervisor that stops speaking", async (t) => {
  t.match(await probeXen(hypervisor(t, BANNER), { accel: "tcg", deadlineMs: 1500 }), {
    works: false,
    reason: "its CPUs are not up within 1.5 s",
    version: /^4\.17\.5/,
  });
});

t.test("QEMU refuses what is no multiboot image", async (t) => {
  const path = join(t.testdir({ xen: "not a hypervisor" }), "xen");
  t.match(await probeXen(path, { accel: "tcg" }), { works: false, reason: /before the machine/ });
});

t.test("KVM is told apart from TCG", async (t) => {
  const path = hypervisor(t, BANNER);
  t.match(await probeXenOnKvm(path, { qemu: fixture("kvm-hangs"), deadlineMs: 300 }), {
    works: false,
    reason: /does not answer/,
  });
});
