import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { cloneDrift, driftOf, holdings } from "../../harness/bench/drift.ts";

const broken = (drift: ReturnType<typeof driftOf>) =>
  drift.filter(({ kept }) => !kept).map(({ what }) => what);

t.test("a leaked file, process and directory entry are each seen", async (t) => {
  const workspace = t.testdir({});
  const before = await holdings(workspace);
  t.same(broken(driftOf(before, await holdings(workspace))), []);

  const file = await open(join(workspace, "left"), "w");
  t.same(broken(driftOf(before, await holdings(workspace))), [
    "open files",
    "entries of the workspace",
  ]);
  await file.close();
  t.same(broken(driftOf(before, await holdings(workspace))), ["entries of the workspace"]);

  const empty = t.testdir({});
  const quiet = await holdings(empty);
  const child = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "spawn");
  t.ok(broken(driftOf(quiet, await holdings(empty))).includes("processes"));
  child.stdin.end();
  await once(child, "close");
  t.same(broken(driftOf(quiet, await holdings(empty))), []);
});

t.test("a machine that is not a child any more is found by its workspace", async (t) => {
  const workspace = t.testdir({});
  const before = await holdings(workspace);
  const fifo = join(workspace, "script");
  await writeFile(fifo, "read line\n");
  const child = spawn("sh", ["-c", 'sh "$0" <&3 & wait', fifo], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  await once(child, "spawn");
  const { processes } = await holdings(workspace);
  t.ok(processes > before.processes);
  (child.stdio[3] as unknown as NodeJS.WritableStream).end("go\n");
  await once(child, "close");
});

t.test("growth of the program and of the clones has a limit, shrinking has none", async (t) => {
  const base = { files: 20, processes: 1, memory: 50, leftovers: 0 };
  t.same(broken(driftOf(base, { ...base, memory: 500 })), ["own memory in MiB"]);
  t.same(broken(driftOf(base, { ...base, memory: 60, files: 12 })), []);
  t.same(cloneDrift([200]), [], "one clone has no trend");
  t.equal(cloneDrift([200, 202, 204, 205])[0]?.kept, true);
  t.equal(cloneDrift([200, 200, 240, 260])[0]?.kept, false);
});
