/** Costs two pairs of clones, three guests and a migration: two minutes under emulation. */
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../cli/run-xenloop.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("a pair comes up, and a live guest moves to the other host", async (t) => {
  const run = new LiveRun(t, ["live-migration[debian-12]"]);
  const code = await run.exited;
  if (code !== 0) t.comment(run.lines.join("\n"));
  t.equal(code, 0);
  const { facts, attempts } = run.cell("live-migration");
  t.ok(Number(facts.there_total_ms) > 0, "how long it took is in the result");
  t.ok(Number(facts.there_sent_kib) > 1024, "and how much was sent");
  t.match(facts.there_downtime_ms, /^\d+$/, "and how long the guest stood still");
  const paths = attempts.flatMap(({ evidence }) => evidence.map(({ path }) => path));
  for (const host of ["xen-a", "xen-b"]) {
    t.ok(
      paths.some((path) => path.includes(`/${host}/`)),
      `there is evidence of ${host}`,
    );
  }
  t.same(await run.machines(), [], "no machine is left");
});

t.test("a guest that is started anew on the other host has not migrated", async (t) => {
  const run = new LiveRun(t, [join(ROOT, "test/fixtures/scenarios/migration-anew.ts")]);
  t.equal(await run.exited, 1);
  const { assertions } = run.cell("migration-anew").attempts.at(-1)!;
  const failed = assertions.filter(({ ok }) => !ok).map(({ name }) => name);
  t.ok(failed.includes("there: no value comes twice"), "its counter begins again");
  t.ok(failed.includes("there: its job could be watched throughout"), "and there was no job");
  t.notOk(failed.includes("there: the guest runs on the destination"), "though it does run");
});
