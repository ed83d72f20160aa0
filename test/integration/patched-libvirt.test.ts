/**
 * Costs a builder and one build of libvirt where the cache has none, two minutes; then six minutes
 * of emulation for the clones, five of them for migrations.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { runTool } from "../../harness/base/process.ts";
import type { RunResult } from "../../harness/events/result.ts";
import { worked } from "../../harness/events/status.ts";
import { ROOT, xenloop } from "../cli/run-xenloop.ts";

t.setTimeout(0);

const patch = (name: string): string[] => [
  "--patch",
  join(ROOT, "test/fixtures/patches", `${name}.patch`),
];

async function check(t: Test, args: readonly string[], env: Record<string, string> = {}) {
  const out = mkdtempSync(join(tmpdir(), "xenloop-check-"));
  t.teardown(() => rmSync(out, { recursive: true, force: true }));
  const told = await xenloop(["check", "--out", out, "--reporter", "line", ...args], { env });
  const path = join(out, "latest/result.json");
  const result = JSON.parse(readFileSync(path, "utf8")) as RunResult;
  const cell = (id: string) => {
    const found = result.cells.find((one) => one.id === id);
    if (!found) throw new Error(`no ${id} in:\n${told.stdout}\n${told.stderr}`);
    return found;
  };
  return { ...told, out, result, cell };
}

t.test("of a series the first patch that breaks a guest's start is named", async (t) => {
  const series = ["message", "crash", "uncompilable"].flatMap(patch);
  const scenario = join(ROOT, "test/fixtures/scenarios/guest-and-refusal.ts");
  const { exitCode, stdout, cell } = await check(t, [
    ...["--libvirt", "debian", "--host", "debian-12", "--each", ...series],
    scenario,
  ]);
  const [base, first, second] = ["base", "patch-1", "patch-2"].map((build) =>
    cell(`guest-and-refusal[debian-12,libvirt=${build}]`),
  );
  t.equal(base?.status, "passed", base?.reason ?? "");
  t.match(base?.facts["refusal"], /cannot set memory higher than max memory/);
  t.equal(first?.status, "passed", first?.reason ?? "");
  t.match(
    first?.facts["refusal"],
    /higher than what was checked/,
    "the live daemon is the patched one",
  );
  t.equal(second?.status, "failed");
  t.match(second?.diagnosis, /^libvirtd: it dies/);
  t.strictSame(base?.comparison, { role: "base" });
  t.strictSame(second?.comparison, { role: "patched", effect: "new failure", base: "passed" });
  const third = cell("build[debian-12,libvirt=patch-3]");
  t.equal(third.status, "failed");
  t.match(third.reason, /does not build for debian-12: src\/libxl\/libxl_conf\.c:\d+:\d+: error: /);
  t.equal(exitCode, 1);
  t.match(stdout, /The first bad patch is 2 of 3: crash\.patch$/);
});

t.test("a patch that breaks p2p migration alone is told from an innocent one", async (t) => {
  const { exitCode, stdout, cell } = await check(t, [
    ...["--libvirt", "debian", "--host", "debian-12", "--each"],
    ...["innocent", "p2p"].flatMap(patch),
    ...["pv-boot", "live-migration"],
  ]);
  // A cell that the emulator spoils runs again, and is flaky then.
  const workedOf = (scenario: string) =>
    ["base", "patch-1", "patch-2"].map((build) =>
      worked(cell(`${scenario}[debian-12,libvirt=${build}]`).status),
    );
  t.same(workedOf("pv-boot"), [true, true, true], stdout);
  t.same(workedOf("live-migration"), [true, true, false], stdout);
  const broken = cell("live-migration[debian-12,libvirt=patch-2]");
  t.equal(broken.status, "failed");
  t.match(broken.reason, /Destination libvirt does not support migration with extensible/);
  t.match(stdout, /✔ unchanged {7}live-migration\[debian-12\] \(patch-1\)\n/);
  t.match(stdout, /The first bad patch is 2 of 2: p2p\.patch$/);
  t.equal(exitCode, 1);
});

for (const builder of ["root", "container"]) {
  t.test(`a patch to what runs at build time gets nowhere: builder ${builder}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "xenloop-small-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const tarball = join(folder, "small.tar");
    const source = join(ROOT, "test/fixtures");
    await runTool(["tar", "-C", source, "-cf", tarball, "small-project"]);
    const what = ["--libvirt", tarball, "--host", "debian-12", ...patch("hostile"), "pv-boot"];
    const args = ["--builder", builder, ...what];
    const { exitCode, stdout, cell, out } = await check(t, args, {
      XENLOOP_TEST_SECRET: "hunter2",
    });
    const build = cell("build[debian-12,libvirt=patched]");
    const told = build.comments.join("\n");
    for (const what of [
      /looks like a secret/,
      /reach the network/,
      /Read-only file system|Permission denied/,
      /No space left/,
      /processes/,
    ]) {
      t.match(told, what);
    }
    const log = readFileSync(join(out, "latest", build.attempts[0]!.evidence[0]!.path), "utf8");
    t.notMatch(log, /hunter2/);
    t.equal(cell("pv-boot[debian-12,libvirt=patched]").status, "skipped", "no host is started");
    t.equal(exitCode, 0, stdout);
  });
}
