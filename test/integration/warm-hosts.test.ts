/** Costs eight clones and a boot, and another one without a template: two minutes and more. */
import { join } from "node:path";
import t from "tap";
import type { BenchReport } from "../../harness/bench/report.ts";
import type { SoakReport } from "../../harness/bench/soak-report.ts";
import { ROOT, xenloop } from "../cli/run-xenloop.ts";
import { linkedCache, removeCache } from "./image-cache.ts";
import { LiveRun } from "./live-run.ts";

t.setTimeout(0);

t.test("bench measures a clone and names the accelerator", async (t) => {
  const { exitCode, stdout, stderr } = await xenloop([
    "bench",
    "--only",
    "clone",
    "--repeat",
    "1",
    "--json",
    "--host",
    "debian-12",
    "--yes",
  ]);
  t.equal(exitCode, 0, stderr);
  const report = JSON.parse(stdout) as BenchReport;
  t.match(report, { version: 1, host: "debian-12", accelerator: { accel: /^(tcg|kvm)$/ } });
  const order = ["resume", "clone_running", "clone_attached", "clone_virsh"] as const;
  const medians = order.map((name) => report.figures[name]?.median ?? NaN);
  t.ok(medians[0]! > 0);
  t.same(
    [...medians].sort((a, b) => a - b),
    medians,
    "each comes after the one before",
  );
});

t.test("clones in a row are all right, and nothing piles up", async (t) => {
  const { exitCode, stdout, stderr } = await xenloop([
    "bench",
    "soak",
    "-n",
    "6",
    "--parallel",
    "2",
    "--json",
    "--host",
    "debian-12",
  ]);
  const report = JSON.parse(stdout) as SoakReport;
  t.equal(exitCode, 0, stderr);
  t.match(report, { asked: 6, right: 6, wrong: [] });
  t.same(
    report.drift.filter(({ kept }) => !kept),
    [],
  );
  t.ok(report.drift.some(({ what }) => what === "open files"));
});

t.test("virsh in a clone is a copy of one that is linked", async (t) => {
  const run = new LiveRun(t, [join(ROOT, "test/fixtures/scenarios/linked-virsh.ts")]);
  t.equal(await run.exited, 0, run.lines.slice(-20).join("\n"));
  t.match(run.cell("linked-virsh"), { status: "passed" });
});

t.test("a run killed while its template is made leaves none, and the next makes it", async (t) => {
  const cache = await linkedCache(["store/host"]);
  t.teardown(() => removeCache(cache));
  const env = { XENLOOP_CACHE: cache };
  const templates = async () => {
    const { stdout } = await xenloop(["image", "list", "--json"], { env });
    const { entries } = JSON.parse(stdout) as { entries: { kind: string; damage: unknown }[] };
    return entries.filter(({ kind }) => kind === "template").map(({ damage }) => damage);
  };
  const args = [join(ROOT, "test/fixtures/scenarios/body-skips.ts"), "--host", "debian-12"];
  const run = new LiveRun(t, args, env);
  await run.line(/▶ template:debian-12 boot/);
  run.child.kill("SIGKILL");
  await run.exited;
  t.same(await templates(), []);
  const next = new LiveRun(t, args, env);
  t.equal(await next.exited, 4, "the scenario skips itself, on a host");
  t.same(await run.machines(), []);
  t.same(await templates(), [null], "one, and it is whole");
});
