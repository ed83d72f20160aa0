import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { processStartTime } from "../../harness/base/process-identity.ts";
import { Leases } from "../../harness/image/lease.ts";
import { pruneStore, removeEntries } from "../../harness/image/prune.ts";
import { Store } from "../../harness/image/store.ts";
import { StoreProcess } from "./store-process.ts";

t.test("what another process got stays until that process ends", async (t) => {
  const root = t.testdir();
  const user = StoreProcess.start(root, "aa");
  t.teardown(() => user.kill());
  t.equal(await user.line(), "building");
  t.match(await user.line(), /^built/);
  const store = new Store(root);
  t.same((await store.list())[0]?.holders, [user.child.pid]);
  t.equal(await store.removeUnused("host", "aa"), false);
  const pruned = await pruneStore(store, { budget: 0 });
  t.match(pruned, { removed: [], inUse: [{ key: "aa" }] });
  await user.finish();
  t.same(await readdir(join(root, ".leases")), [], "nothing is left of the lease");
  t.match(await pruneStore(store, { budget: 0 }), { removed: [{ key: "aa" }], inUse: [] });
  t.same(await store.list(), []);
});

t.test("the lease of a killed process does not count", async (t) => {
  const root = t.testdir();
  const user = StoreProcess.start(root, "aa");
  await user.line();
  await user.line();
  await user.kill();
  t.equal((await readdir(join(root, ".leases"))).length, 1);
  t.equal(await new Store(root).removeUnused("host", "aa"), true);
  t.same(await readdir(join(root, ".leases")), []);
});

t.test("its own use counts as well, and once", async (t) => {
  const leases = new Leases(t.testdir());
  await Promise.all([leases.hold("host-aa"), leases.hold("host-aa")]);
  t.same(await leases.holders("host-aa"), [process.pid]);
  t.same(await leases.holders("host-a"), [], "names are compared whole");
  t.equal(await leases.unlessHeld("host-aa", () => Promise.reject(new Error("removed"))), false);
});

t.test("a user waits for a removal that has begun", async (t) => {
  const directory = t.testdir();
  const remover = spawn("cat");
  t.teardown(() => remover.kill("SIGKILL"));
  const { pid = 0 } = remover;
  await writeFile(join(directory, `host-aa.remove-${pid}-${processStartTime(pid)}`), "");
  let held = false;
  const leases = new Leases(directory);
  const holding = leases.hold("host-aa").then(() => (held = true));
  // Two looks of another holder are longer than one of this.
  await leases.hold("host-bb");
  t.equal(held, false);
  t.same(await leases.holders("host-aa"), [process.pid], "the remover would see it already");
  remover.kill("SIGKILL");
  await once(remover, "exit");
  await holding;
  t.equal(held, true);
});

t.test("a removal that fails takes its mark back", async (t) => {
  const leases = new Leases(join(t.testdir(), "new"));
  await t.rejects(
    leases.unlessHeld("host-aa", () => Promise.reject(new Error("disk error"))),
    { message: "disk error" },
  );
  t.equal(await leases.unlessHeld("host-aa", () => Promise.resolve()), true);
});

t.test("prune takes the least recently used first, and templates with their image", async (t) => {
  const root = t.testdir();
  const store = new Store(root);
  const place = async (kind: string, key: string, inputs: unknown, usedSecondsAgo: number) => {
    const directory = join(root, kind, key);
    await mkdir(directory, { recursive: true });
    const manifest = { kind, key, inputs, created: new Date().toISOString(), files: {} };
    await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
    await writeFile(join(directory, "bytes"), Buffer.alloc(100_000, 1));
    const time = Date.now() / 1000 - usedSecondsAgo;
    await utimes(directory, time, time);
  };
  await place("host", "old", { host: "debian-11" }, 300);
  await place("template", "ofold", { host: "debian-11", image: "old" }, 10);
  await place("rootfs", "middle", {}, 200);
  await place("host", "new", { host: "debian-12" }, 5);
  const total = (await store.list()).reduce((sum, { allocated }) => sum + allocated, 0);
  const keys = (entries: readonly { key: string }[]) => entries.map(({ key }) => key);

  t.same(await pruneStore(store, { budget: total }), { removed: [], inUse: [] });
  const dry = await pruneStore(store, { budget: total - 1, dryRun: true });
  t.same(keys(dry.removed), ["ofold", "old"]);
  t.equal((await store.list()).length, 4, "a dry run removes nothing");
  t.same(keys((await pruneStore(store, { budget: total - 1 })).removed), ["ofold", "old"]);
  t.same(keys(await store.list()), ["new", "middle"]);
  t.same(keys((await pruneStore(store, { budget: 0 })).removed), ["middle", "new"]);
  t.same(await removeEntries(store, []), { removed: [], inUse: [] });
});
