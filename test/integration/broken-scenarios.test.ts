/** Costs three PV guests and eight clones, two and a half minutes under emulation. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../cli/run-xenloop.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

const FIXTURES: readonly [name: string, status: string, reason: RegExp, code?: string][] = [
  ["assertion-fails", "failed", /"dom0 is no dom0" does not hold: found "control_d"/, "ASSERTION"],
  ["body-crashes", "error", /the scenario's process dies of SIGSEGV/, "CHILD_DIED"],
  ["body-empty", "failed", /asserts nothing/, "NO_ASSERTIONS"],
  ["body-hangs", "timedout", /deadline of \d+ s; it was at: waiting for ever/, "DEADLINE"],
  ["body-skips", "skipped", /nothing to see on this host/],
  ["body-misemulated", "flaky", /nested SVM wrongly/],
  ["body-throws", "error", /the scenario's code throws: this is a mistake/],
  ["disk-untyped", "failed", /"the guest sees what is in the image" does not hold/, "ASSERTION"],
  ["guest-panics", "failed", /its kernel panics: VFS: Unable to mount root/, "GUEST_PANICKED"],
  ["guest-silent", "failed", /does not say that it is ready within \d+ s/, "GUEST_SILENT"],
  ["leaks-loop-device", "failed", /still has: loop device \S+: \/var\/tmp\/left-behind/, "LEAKED"],
];

t.test("each way a scenario can break has its status, its sentence and its evidence", async (t) => {
  const files = FIXTURES.map(([name]) => join(ROOT, "test/fixtures/scenarios", `${name}.ts`));
  const run = new LiveRun(t, files);
  t.equal(await run.exited, 1, "a scenario failed");
  for (const [name, status, reason, code] of FIXTURES) {
    const cell = run.cell(name);
    t.equal(cell.status, status, `${name} is ${status}`);
    t.match(cell.reason, reason, `${name} says why`);
    t.equal(cell.code, code, `${name} has its code`);
    const kinds = cell.attempts.flatMap(({ evidence }) => evidence.map(({ kind }) => kind));
    t.ok(kinds.includes("boot-serial"), `${name} keeps the console of the host's boot`);
    if (status === "failed") t.ok(kinds.includes("journal"), `${name} keeps the journal`);
  }
  const spoilt = run.cell("body-misemulated").attempts;
  t.equal(spoilt.length, 2, "what the emulator spoilt is repeated");
  t.match(spoilt[0], { status: "error", code: "MISEMULATED" });
  const stall = run.cell("body-hangs").attempts.flatMap(({ evidence }) => evidence);
  const answers = async (kind: string): Promise<string> =>
    readFile(join(run.out, "latest", stall.find((item) => item.kind === kind)?.path ?? ""), "utf8");
  t.match(await answers("qmp"), /"status": "running"[^]*CPU#0/, "a stall asks QEMU's monitor");
  const serial = await answers("serial");
  t.match(serial, /sysrq: Show Blocked State/, "a stall asks dom0's kernel");
  t.match(serial, /\(XEN\) .*'q' pressed -> dumping domain info/, "a stall asks Xen");
  t.match(await answers("libvirtd-threads"), /libvirtd: /, "a stall asks libvirtd's threads");
  t.match(run.cell("body-throws").comments.join("\n"), /TypeError: .*\n.*body-throws\.ts/);
  t.same(await run.machines(), [], "no machine is left");
});

t.test("when everything is skipped the exit code says so", async (t) => {
  const run = new LiveRun(t, [join(ROOT, "test/fixtures/scenarios/body-skips.ts")]);
  t.equal(await run.exited, 4);
});
