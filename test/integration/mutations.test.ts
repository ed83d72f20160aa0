/** Costs one clone and two PV guests, a minute under emulation. */
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../cli/run-xenloop.ts";
import { MUTATIONS } from "../fixtures/mutations/mutations-quick.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("what is broken turns its scenario red, and it says what", async (t) => {
  const run = new LiveRun(t, [join(ROOT, "test/fixtures/mutations/mutations-quick.ts")]);
  t.equal(await run.exited, 0, run.lines.slice(-20).join("\n"));
  const { facts } = run.cell("mutations-quick");
  for (const [name, { red }] of Object.entries(MUTATIONS)) t.match(facts[name], red, name);
});
