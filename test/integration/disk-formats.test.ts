/** Costs one clone and one PV guest with three disks, a minute under emulation. */
import t from "tap";
import { predictedDisks } from "../../scenarios/disk-formats.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("qcow2 disks come to a PV guest as predicted, driver by driver", async (t) => {
  const run = new LiveRun(t, ["disk-formats[debian-12,format=qcow2,mode=pv]"]);
  t.equal(await run.exited, 0, run.lines.slice(-20).join("\n"));
  const { facts } = run.cell("disk-formats");
  for (const [driver, wanted] of Object.entries(predictedDisks("qcow2", "4.17"))) {
    t.equal(facts[`observed_${driver}`], wanted, driver);
  }
  t.match(facts["refusal_phy"], /does not support disk format qcow2 with disk driver phy/);
});
