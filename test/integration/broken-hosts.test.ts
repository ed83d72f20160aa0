/** Costs two boots that panic and five clones, about two minutes under emulation. */
import { existsSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { ROOT, xenloop } from "../cli/run-xenloop.ts";
import { SHARED_CACHE } from "./image-cache.ts";
import { LiveRun, scenariosOf, socketDirectories } from "./live-run.ts";

t.setTimeout(0);

const HANGS = join(ROOT, "test/fixtures/scenarios/body-hangs.ts");
const SKIPS = join(ROOT, "test/fixtures/scenarios/body-skips.ts");

for (const [options, kind] of [
  [["--cold"], "serial"],
  [[], "boot-serial"],
] as const) {
  const what = options.length > 0 ? "a dom0" : "a template's dom0";
  t.test(`${what} that panics is an error of the infrastructure, and ends at once`, async (t) => {
    const config = join(t.testdir(), "xenloop.config.yaml");
    // Too little for the kernel to unpack its initramfs.
    writeFileSync(config, "hosts:\n  debian-12:\n    dom0:\n      mem: 48M,max:48M\n");
    const run = new LiveRun(t, [SKIPS, ...options, "--config", config]);
    t.equal(await run.exited, 2);
    const cell = run.cell("body-skips");
    t.equal(cell.status, "error");
    t.match(cell.reason, /host debian-12 is lost: .*(panic|crash)/i);
    t.match(cell.excerpt.join("\n"), /panic|crash/i, "the report shows the console");
    const [attempt] = cell.attempts;
    t.ok(
      attempt?.evidence.some((item) => item.kind === kind),
      "and keeps all of it",
    );
    t.ok(cell.ms < 120_000, "not by its deadline");
    const open = run.result().preparations.filter(({ ended }) => !ended);
    t.same(open, [], "no preparation is left open");
    t.same(await run.machines(), []);
  });
}

t.test("a QEMU that is killed from outside is an error of the cell, not of the run", async (t) => {
  const run = new LiveRun(t, [HANGS, "--timeout-scale", "20"]);
  await run.line(/body-hangs\[debian-12\] health/);
  const [machine] = await run.machines();
  t.ok(machine, "the cell's machine runs");
  process.kill(machine!, "SIGKILL");
  t.equal(await run.exited, 2);
  t.match(run.cell("body-hangs"), { status: "error", reason: /QEMU is killed by SIGKILL|SIGKILL/ });
});

for (const [phase, pattern] of [
  ["the host is cloned", /▶ body-hangs\[debian-12\]/],
  ["the scenario runs", /body-hangs\[debian-12\] health/],
] as const) {
  t.test(`SIGINT while ${phase}: 130, reports are written, nothing is left`, async (t) => {
    const run = new LiveRun(t, [HANGS, "--timeout-scale", "20"]);
    await run.line(pattern);
    run.child.kill("SIGINT");
    t.equal(await run.exited, 130);
    t.equal(run.cell("body-hangs").status, "interrupted");
    t.same(await run.machines(), []);
    t.same(await socketDirectories(run.child.pid!), []);
    t.same(await workspaces(run.child.pid!), []);
  });
}

t.test("killed -9 while it clones or runs: the machine dies, the next run clears up", async (t) => {
  await killedRun(t, /▶ body-hangs\[debian-12\]/);
  const scenarios = await killedRun(t, /body-hangs\[debian-12\] health/);
  t.equal(scenarios.length, 1, "its scenario had a process already");
  const left = scenarios.filter((pid) => existsSync(`/proc/${pid}`));
  t.same(left, [], "which ends with it");
});

/** Returns the processes of its scenarios. */
async function killedRun(t: Test, pattern: RegExp): Promise<number[]> {
  const run = new LiveRun(t, [HANGS, "--timeout-scale", "20"]);
  await run.line(pattern);
  const scenarios = await scenariosOf(run.child.pid!);
  run.child.kill("SIGKILL");
  await run.exited;
  t.ok((await workspaces(run.child.pid!)).length > 0, "it could not clear up itself");
  const next = new LiveRun(t, [SKIPS]);
  t.equal(await next.exited, 4, "the next run works");
  t.same(await workspaces(run.child.pid!), []);
  t.same(await socketDirectories(run.child.pid!), []);
  t.same(await run.machines(), []);
  return scenarios;
}

t.test("two runs at once on one cache are both right", async (t) => {
  const runs = [new LiveRun(t, [SKIPS]), new LiveRun(t, [SKIPS])];
  t.same(await Promise.all(runs.map(({ exited }) => exited)), [4, 4]);
});

t.test("mistyped names end before anything runs", async (t) => {
  const typo = await xenloop(["run", "pv-bot"]);
  t.equal(typo.exitCode, 64);
  t.match(typo.stderr, /pv-boot/);
  const host = await xenloop(["run", "--host", "debian-21"]);
  t.equal(host.exitCode, 64);
});

async function workspaces(pid: number): Promise<string[]> {
  const names = await readdir(join(SHARED_CACHE, "work")).catch(() => []);
  return names.filter((name) => name.startsWith(`${pid}-`));
}
