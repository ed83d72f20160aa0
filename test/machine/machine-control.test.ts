import t from "tap";
import { MachineControl } from "../../harness/machine/machine-control.ts";
import { startMachine } from "../../harness/machine/machine.ts";
import { tempDir, tinySpec } from "../fixtures/machine/tiny.ts";

t.test("a machine is frozen and its wire pulled, and both are undone at last", async (t) => {
  const nics = [{ id: "net1", mac: "52:54:00:00:00:03", kind: "unplugged" }] as const;
  const machine = await startMachine(tinySpec({ nics: [...nics] }), { dir: tempDir(t) });
  t.teardown(() => machine.stop());
  const status = async (): Promise<string> =>
    (await machine.qmp.execute<{ status: string }>("query-status")).status;
  const control = new MachineControl(machine);

  await control.act("freeze");
  t.equal(await status(), "paused");
  await control.act("thaw");
  t.equal(await status(), "running");

  await control.act("freeze");
  await control.act("unplug");
  await control.restore();
  t.equal(await status(), "running", "what was not thawed is");
  await control.restore();

  await machine.stop();
  await control.restore();
  t.pass("a dead machine is left alone");
});

t.test("a machine without a wire says so", async (t) => {
  const machine = await startMachine(tinySpec(), { dir: tempDir(t) });
  t.teardown(() => machine.stop());
  await t.rejects(new MachineControl(machine).act("unplug"), { code: "QMP_COMMAND_FAILED" });
});
