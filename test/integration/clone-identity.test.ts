/** Costs two clones, half a minute under emulation, and a template where the cache has none. */
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../cli/run-xenloop.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("two clones of one template are two hosts, in everything that tells one", async (t) => {
  const scenario = join(ROOT, "test/fixtures/scenarios/clones-differ.ts");
  const run = new LiveRun(t, [scenario, "--host", "debian-12"]);
  t.equal(await run.exited, 0, run.lines.slice(-20).join("\n"));
  const { status, facts } = run.cell("clones-differ");
  t.equal(status, "passed");
  t.equal(facts["host_started"], "clone");
  t.notOk("clone_fallback" in facts, "neither of them was booted");
});
