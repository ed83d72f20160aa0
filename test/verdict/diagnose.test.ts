import t from "tap";
import { diagnose } from "../../harness/verdict/diagnose.ts";
import type { Verdict } from "../../harness/verdict/judge.ts";

type Evidence = Record<string, string>;

const failed = (reason: string, code: string): Verdict => ({ status: "failed", reason, code });
const broken = (reason: string, code: string): Verdict => ({ status: "error", reason, code });
const assertion = failed('scenario: "the guest runs" does not hold', "ASSERTION");
const refused = failed("libvirt does not start guest a: libxenlight failed", "GUEST_REFUSED");
const late: Verdict = {
  status: "timedout",
  reason: "the scenario does not end within its deadline of 360 s; it was at: guest boots",
  code: "DEADLINE",
};

/** Verdict, evidence as hosts write it, and the sentence. */
const CASES: Record<string, [Verdict, Evidence, string | RegExp]> = {
  "a panic of Xen": [
    broken("host a is lost", "HOST_LOST"),
    { serial: "(XEN) ****\r\n(XEN) Panic on CPU 0:\r\n(XEN) Domain 0 allocation is too small\r\n" },
    "Xen: it panics on CPU 0: Domain 0 allocation is too small",
  ],
  "an assertion of Xen goes before the panic it makes": [
    assertion,
    {
      serial:
        "(XEN) [2026-11-25 10:00:00] Assertion 'spin_is_locked(&d->l)' failed at common/x.c:26\n(XEN) Panic on CPU 1:\n(XEN) again\n",
    },
    "Xen: its assertion 'spin_is_locked(&d->l)' failed at common/x.c:26",
  ],
  "a panic of dom0": [
    broken("host a does not reach its command channel", "HOST_NOT_READY"),
    { "boot-serial": "[    3.1] Kernel panic - not syncing: VFS: Unable to mount root fs\n" },
    "dom0: its kernel panics: VFS: Unable to mount root fs",
  ],
  "a guest that emulation has put into Xen's own code": [
    failed("guest a ends (Stopped Shutdown) before it says that it is ready", "GUEST_GONE"),
    {
      serial:
        "(XEN) d1v0 Triple fault - invoking HVM shutdown action 1\r\n" +
        "(XEN) *** Dumping Dom1 vcpu#0 state: ***\r\n(XEN) CPU:    0\r\n" +
        "(XEN) RIP:    e008:[<ffff82d0402044a5>]\r\n",
    },
    /^outer QEMU: it emulates nested SVM wrongly: d1v0 woke in Xen's own code at ffff82d0402044a5/,
  ],
  "a guest's own triple fault": [
    failed("guest a ends (Stopped Shutdown) before it says that it is ready", "GUEST_GONE"),
    { serial: "(XEN) d1v0 Triple fault - invoking\n(XEN) RIP:    0010:[<ffffffff810044a5>]\n" },
    /^guest: d1v0 faults three times at 0010:\[<ffffffff810044a5>\]/,
  ],
  "a guest whose kernel has its user's GS": [
    failed("virsh migrate exits with 1 in dom0: no domain", "DOM0_COMMAND_FAILED"),
    {
      "guest-console":
        "[   34.4] RIP: 0010:exc_page_fault+0x17/0x160\r\n[   34.6] RIP: 0010:error_entry+0x11/0x130\r\n" +
        "[   34.6] RAX: 000000000001fbc0 RBX: 0000000000000000 RCX: ffffffff81a01127\r\n" +
        "[   34.6] Kernel panic - not syncing: Fatal exception in interrupt\r\n",
    },
    "guest: its kernel has lost its GS, and panics: Fatal exception in interrupt",
  ],
  "a guest's panic is not dom0's": [
    late,
    { serial: "(d1) Kernel panic - not syncing: no\n", "guest-console": "" },
    /^guest: the scenario does not end/,
  ],
  "libvirtd's death behind an assertion": [
    assertion,
    {
      dmesg:
        "[  112.7] libvirtd[812]: segfault at 0 ip 00007f21 sp 00007f21 error 6 in libvirt.so\n",
    },
    "libvirtd: it dies: segfault at 0 ip 00007f21 sp 00007f21 error 6 in libvirt.so",
  ],
  "libvirtd that is stopped has not died": [
    assertion,
    { journal: "systemd[1]: libvirtd.service: Main process exited, code=killed, status=15/TERM\n" },
    'scenario: "the guest runs" does not hold',
  ],
  "libxl's first complaint": [
    refused,
    {
      libxl:
        "2026-11-25 11:23:20.006+0000: libxl: libxl_bootloader.c:508:cb: Domain 1: is deprecated\n" +
        "2026-11-25 11:23:20.006+0000: libxl: libxl_device.c:475:libxl__device_disk_set_backend: no suitable backend for disk xvda\n" +
        "2026-11-25 11:23:20.035+0000: libxl: libxl_create.c:1318:initiate_domain_create: Domain 1:Unable\n",
    },
    "libxl: no suitable backend for disk xvda",
  ],
  "the device model, when libxl says nothing": [
    refused,
    { "qemu-dm": "VNC server running\nqemu-system-i386: could not open disk image\n" },
    "libxl: the device model says could not open disk image",
  ],
  "libvirt itself refuses": [
    failed("libvirt does not start guest a: unsupported configuration: x", "GUEST_REFUSED"),
    {},
    "libvirtd: libvirt does not start guest a: unsupported configuration: x",
  ],
  "an answer of libvirt in an assertion": [
    failed(
      'scenario: "it resizes" does not hold: found "exit 1: error: Failed to resize\\nerror: this function is not supported"',
      "ASSERTION",
    ),
    {},
    /^libvirtd: it answers "this function is not supported"; "it resizes" does not hold/,
  ],
  "an answer of xl in an assertion": [
    failed(
      'scenario: "made" does not hold: found "exit 3: libxl: error: libxl_utils.c:346:read: no file; more"',
      "ASSERTION",
    ),
    {},
    /^libxl: no file; "made" does not hold/,
  ],
  "a guest that panics": [
    late,
    { "guest-console": "Linux\nKernel panic - not syncing: Attempted to kill init!\n" },
    /^guest: its kernel panics: Attempted to kill init!; /,
  ],
  "a boot that did not get past Xen": [
    broken("host a does not reach its command channel", "HOST_NOT_READY"),
    { serial: "(XEN) Xen version 4.17\n(XEN) Bringing up CPU 1\n" },
    /^Xen: host a does not reach/,
  ],
  "a boot in which nothing of Xen is seen": [
    broken("host a does not reach its command channel", "HOST_NOT_READY"),
    { serial: "SeaBIOS\n" },
    /^outer QEMU: /,
  ],
  "a command of libvirt's": [
    failed("virsh destroy a exits with 1 in dom0: error: failed", "DOM0_COMMAND_FAILED"),
    {},
    /^libvirtd: virsh destroy/,
  ],
  "a mistake of the scenario": [assertion, {}, 'scenario: "the guest runs" does not hold'],
  "a mistake of ours": [
    broken("harness: x is undefined", "HARNESS"),
    {},
    "harness: x is undefined",
  ],
};

for (const [name, [verdict, evidence, sentence]] of Object.entries(CASES)) {
  t.test(name, async (t) => {
    const found = await diagnose(verdict, async (kind) => evidence[kind] ?? "");
    if (typeof sentence === "string") t.equal(found?.sentence, sentence);
    else t.match(found?.sentence, sentence);
    t.ok(found?.sentence.startsWith(`${found.layer}: `));
  });
}

t.test("what did not go wrong has no diagnosis", async (t) => {
  const panic = async () => "(XEN) Panic on CPU 0:\n(XEN) x\n";
  for (const status of ["passed", "skipped", "interrupted"] as const) {
    t.equal(await diagnose({ status, reason: "" }, panic), undefined);
  }
});

t.test("a long console is no trap, and a sentence stays one", async (t) => {
  const started = performance.now();
  const noise = "(XEN) (XEN) Kernel panic Out of memory: Killed libvirtd[".repeat(40_000);
  const found = await diagnose(failed("x\ny ".repeat(500), "ASSERTION"), async () => noise);
  t.ok(performance.now() - started < 10_000, `${performance.now() - started}`);
  t.ok((found?.sentence.length ?? 999) < 260);
  t.notMatch(found?.sentence, "\n");
});
