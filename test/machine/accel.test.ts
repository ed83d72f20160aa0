import { join } from "node:path";
import t from "tap";
import { MAX_TIME_FACTOR, probeAccel } from "../../harness/machine/accel.ts";
import { fixture } from "../fixtures/machine/tiny.ts";

const HANG_MS = 400;

t.test("a missing /dev/kvm is told, and TCG takes over", async (t) => {
  const kvmDevice = join(t.testdir(), "kvm");
  const probe = await probeAccel("auto", { kvmDevice });
  t.match(probe, {
    accel: "tcg",
    hvmCapable: true,
    reason: `${kvmDevice} is missing: no KVM in this kernel or machine`,
    kvm: { present: false, openable: false, works: false, nested: false },
  });
  t.ok(probe.timeFactor >= 1 && probe.timeFactor <= MAX_TIME_FACTOR);
  await t.rejects(probeAccel("kvm", { kvmDevice }), {
    code: "ACCEL_UNUSABLE",
    kind: "infra",
    message: /The accelerator kvm cannot be used: .* is missing/,
    hint: "Emulate instead: ./xenloop run --accel tcg",
  });
});

t.test("a device that does not open is told", async (t) => {
  await t.rejects(probeAccel("kvm", { kvmDevice: t.testdir() }), {
    code: "ACCEL_UNUSABLE",
    message: /cannot be opened \(EISDIR\)/,
  });
});

t.test("a KVM that executes nothing is refused after a deadline", async (t) => {
  const options = { qemu: fixture("kvm-hangs"), kvmDevice: "/dev/null", deadlineMs: HANG_MS };
  await t.rejects(probeAccel("kvm", options), {
    message: /KVM does not work: a boot sector does not run to its end in 0\.4 s/,
  });
});

t.test("a KVM that works is taken", async (t) => {
  const options = { qemu: fixture("kvm-is-tcg"), kvmDevice: "/dev/null" };
  t.match(await probeAccel("auto", options), {
    accel: "kvm",
    reason: undefined,
    hvmCapable: true,
    kvm: { present: true, openable: true, works: true, nested: true },
  });
});

t.test("a KVM without nesting is taken only when asked for", async (t) => {
  process.env.NESTED = "no";
  t.teardown(() => delete process.env.NESTED);
  const options = { qemu: fixture("kvm-is-tcg"), kvmDevice: "/dev/null" };
  t.match(await probeAccel("auto", options), {
    accel: "tcg",
    reason: /nested virtualisation is off/,
    hint: /nested=1/,
    kvm: { works: true, nested: false },
  });
  t.match(await probeAccel("kvm", options), { accel: "kvm", hvmCapable: false });
});

t.test("this machine's own KVM is either taken or refused in a line", async (t) => {
  const probe = await probeAccel("auto");
  if (probe.accel === "kvm") t.match(probe.kvm, { works: true, nested: true });
  else t.match(probe.reason, /^.+$/);
});
