import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { once } from "node:events";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { isSameProcess } from "../../harness/base/process-identity.ts";
import { startMachine, type StartOptions } from "../../harness/machine/machine.ts";
import type { MachineSpec } from "../../harness/machine/machine-spec.ts";
import { fixture, talker, tempDir, tinySpec } from "../fixtures/machine/tiny.ts";

async function start(
  t: Test,
  overrides: Partial<MachineSpec>,
  options: Partial<StartOptions> = {},
) {
  const dir = join(tempDir(t), "machine");
  const machine = await startMachine(tinySpec(overrides), { dir, ...options });
  t.teardown(() => machine.stop());
  return { machine, dir };
}

/** A machine whose hypervisor says `text`. */
function saying(t: Test, text: string, then: "halt" | "reset" = "halt"): Partial<MachineSpec> {
  const xen = join(tempDir(t), "hypervisor");
  writeFileSync(xen, talker(text, then));
  return { boot: { kind: "xen", xen, xenArgs: [], kernel: xen, kernelArgs: [] } };
}

t.test("starts, is watched, and stops without a trace", async (t) => {
  let heard: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => (heard = resolve));
  const { machine } = await start(t, saying(t, "(XEN) hello\r\n"), {
    dir: join(tempDir(t), "new", "dir"),
    onSerialLine: (text) => heard(text),
  });
  t.equal(await line, "(XEN) hello");
  t.match(await machine.qmp.execute("query-status"), { status: "running" });
  const channel = createConnection(machine.channelSocket);
  await once(channel, "connect");
  channel.destroy();

  let settled = false;
  void machine.fatal.then(() => (settled = true));
  await machine.stop();
  await machine.stop();
  await machine.process.exited;
  t.notOk(settled, "a stop is not fatal");
  t.notOk(existsSync(dirname(machine.channelSocket)));
  t.notOk(isSameProcess(machine.process.pid, machine.process.startTime));
});

t.test("keeps the console, QEMU's words and the command line", async (t) => {
  const { machine, dir } = await start(t, { paused: true });
  await machine.stop();
  t.match(readFileSync(join(dir, "qemu-command.txt"), "utf8"), /^qemu-system-x86_64 -name tiny,/);
  t.match(readFileSync(join(dir, "qemu.log"), "utf8"), /terminating on signal 15/);
  t.equal(machine.serialLog, join(dir, "serial.log"));
  t.ok(existsSync(machine.serialLog));
});

t.test("a panic on the console is fatal", async (t) => {
  const text = "(XEN) Panic on CPU 0:\r\n(XEN) Could not construct domain 0\r\n";
  const { machine } = await start(t, saying(t, text));
  t.match(await machine.fatal, {
    layer: "xen",
    kind: "panic",
    sentence: "Xen panics on CPU 0: Could not construct domain 0",
  });
  t.match(await machine.qmp.execute("query-status"), { status: "running" }, "and left as it is");
});

t.test("a reset is fatal", async (t) => {
  const { machine } = await start(t, saying(t, "(XEN) going\r\n", "reset"));
  t.match(await machine.fatal, {
    layer: "machine",
    kind: "reset",
    sentence: "the machine resets (guest-reset)",
  });
});

t.test("a QEMU killed from outside is fatal", async (t) => {
  const { machine } = await start(t, { paused: true });
  process.kill(machine.process.pid, "SIGKILL");
  t.match(await machine.fatal, { kind: "death", sentence: "QEMU is killed by SIGKILL" });
  await machine.stop();
  t.notOk(existsSync(dirname(machine.channelSocket)));
});

t.test("a QEMU that dies at once gives its last words", async (t) => {
  await t.rejects(start(t, { qemu: fixture("dies-at-once") }), {
    code: "MACHINE_START_FAILED",
    kind: "infra",
    message: "QEMU exits with status 1 before the machine is up: qemu: the last line anyone hears",
    hint: /Read .*qemu\.log$/,
  });
  await t.rejects(start(t, { profile: { ...tinySpec().profile, cpu: "no-such-cpu" } }), {
    code: "MACHINE_START_FAILED",
    message: /unable to find CPU model 'no-such-cpu'/,
  });
});

t.test("a QEMU that never opens its monitor, or speaks garbage there", async (t) => {
  const silent = start(t, { qemu: fixture("never-answers") }, { timeoutMs: 100 });
  await t.rejects(silent, {
    code: "MACHINE_START_FAILED",
    message: "QEMU does not answer before the machine is up.",
    cause: { code: "QMP_TIMEOUT" },
  });
  await t.rejects(start(t, { qemu: fixture("speaks-garbage.cjs") }), {
    code: "MACHINE_START_FAILED",
    cause: { code: "QMP_PROTOCOL_ERROR" },
  });
});

t.test("an interrupt during the start leaves nothing", async (t) => {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const starting = start(t, { qemu: fixture("never-answers") }, options);
  controller.abort(new Error("interrupted"));
  await t.rejects(starting, { message: "interrupted" });
});

t.test("a missing QEMU names its package", async (t) => {
  await t.rejects(start(t, { qemu: "/nowhere/qemu-system-x86_64" }), {
    code: "TOOL_MISSING",
    hint: "sudo apt-get install qemu-system-x86",
  });
});
