import t from "tap";
import { SerialClassifier } from "../../harness/machine/serial-patterns.ts";

/** What a console's text tells, with what it tells when it ends there. */
function classify(text: string) {
  const classifier = new SerialClassifier();
  const found = text.split("\n").map((line) => classifier.push(line));
  return [...found, classifier.finish()].filter((fatal) => fatal !== undefined);
}

t.test("a panic of Xen with its reason", async (t) => {
  for (const prefix of ["(XEN) ", "(XEN) [    1.055445] ", "(XEN) [2026-01-02 03:04:05] "]) {
    const stars = "*".repeat(40);
    const lines = ["", stars, "Panic on CPU 1:", "FATAL TRAP: vec 13, #GP[0000]", stars, ""];
    const found = classify(lines.map((line) => prefix + line).join("\n"));
    t.match(found, [
      {
        layer: "xen",
        kind: "panic",
        sentence: "Xen panics on CPU 1: FATAL TRAP: vec 13, #GP[0000]",
        line: `${prefix}Panic on CPU 1:`,
      },
    ]);
    t.equal(found.length, 1);
  }
});

t.test("a panic without a reason, and one cut off", async (t) => {
  const expected = [{ sentence: "Xen panics on CPU 0" }];
  t.match(classify(`(XEN) Panic on CPU 0:\n(XEN) ${"*".repeat(40)}`), expected);
  t.match(classify("(XEN) Panic on CPU 0:"), expected);
});

t.test("dom0's line amid Xen's panic is not the reason", async (t) => {
  const text = "(XEN) Panic on CPU 0:\n[    9.1] eth0: link up\n(XEN) Could not construct domain 0";
  t.match(classify(text), [{ sentence: "Xen panics on CPU 0: Could not construct domain 0" }]);
});

t.test("each way dom0 ends", async (t) => {
  const table: [line: string, kind: string, sentence: RegExp][] = [
    [
      "[    3.210000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
      "panic",
      /^dom0's kernel panics: VFS: Unable to mount root fs on unknown-block\(0,0\)$/,
    ],
    ["Kernel panic - not syncing: Attempted to kill init!", "panic", /kill init/],
    ["(XEN) Hardware Dom0 crashed: 'noreboot' set - not rebooting.", "crash", /has crashed/],
    ["(XEN) Domain 0 (vcpu#1) crashed on cpu#1:", "crash", /has crashed/],
    ["(XEN) Hardware Dom0 halted: halting machine", "shutdown", /has ended \(halted\)/],
    ["(XEN) [ 9.0] Hardware Dom0 shutdown: rebooting machine", "shutdown", /\(shutdown\)/],
    [
      "[   12.000001] BUG: unable to handle page fault for address: ffff88810a3c2000",
      "oops",
      /^dom0's kernel oopses: BUG: unable to handle page fault/,
    ],
    ["[   12.0] Oops: 0002 [#1] PREEMPT SMP NOPTI", "oops", /Oops: 0002/],
    ["[   12.0] general protection fault, probably for …: 0000 [#1] SMP", "oops", /general/],
    [
      "ALERT!  LABEL=root does not exist.  Dropping to a shell!",
      "stuck",
      /no root file system \(LABEL=root\)/,
    ],
    ["You are in emergency mode. After logging in, type …", "stuck", /emergency mode/],
  ];
  for (const [line, kind, sentence] of table) {
    t.match(classify(line), [{ layer: "dom0", kind, sentence, line }]);
  }
});

t.test("what only looks like it", async (t) => {
  const innocent = [
    "(XEN) [   50.0] (d1) Kernel panic - not syncing: a guest's own affair",
    "(XEN) (d2) Panic on CPU 0:",
    "[    0.0] Kernel command line: root=/dev/vda ro panic=0",
    "[    1.0] traps: xl[312] general protection fault ip:7f sp:7f error:0 in libc.so",
    "root@host:~# echo 'Kernel panic - not syncing'",
    "(XEN) Domain 1 (vcpu#0) crashed on cpu#1:",
  ];
  t.same(classify(innocent.join("\n")), []);
});
