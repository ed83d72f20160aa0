import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { processStartTime } from "../../harness/base/process-identity.ts";
import { Store } from "../../harness/image/store.ts";
import { xenloop } from "./run-xenloop.ts";

/** Name part of a process that has ended. */
async function deadOwner(): Promise<string> {
  const child = spawn("cat");
  const owner = `${child.pid}-${processStartTime(child.pid!)}`;
  child.kill("SIGKILL");
  await once(child, "exit");
  return owner;
}

async function place(store: Store, kind: string, key: string, inputs: unknown): Promise<void> {
  const directory = join(store.root, kind, key);
  await mkdir(directory, { recursive: true });
  const manifest = { kind, key, inputs, created: new Date().toISOString(), files: {} };
  await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
}

/** A cache with something of everything, and results beside it. */
async function filled(root: string) {
  const [cache, runs] = [join(root, "cache"), join(root, "runs")];
  const store = new Store(join(cache, "store"));
  await place(store, "host", "image", { host: "debian-12" });
  await place(store, "template", "template", { host: "debian-12", image: "image" });
  await mkdir(join(cache, "packages"));
  await writeFile(join(cache, "packages/one.deb"), "x");
  for (const run of ["20261122-231502-3fa9", "20261123-080000-0a1b", "notes"]) {
    await mkdir(join(runs, run), { recursive: true });
    await writeFile(join(runs, run, "events.jsonl"), "{}\n");
  }
  await symlink("20261123-080000-0a1b", join(runs, "latest"));
  const env = { XENLOOP_CACHE: cache, XENLOOP_RUNS: runs };
  return {
    cache,
    runs,
    store,
    clean: (...words: string[]) => xenloop(["clean", ...words], { env }),
  };
}

async function keys(store: Store): Promise<string[]> {
  return (await store.list()).map(({ key }) => key);
}

t.test("without options: leftovers of the dead, and templates", async (t) => {
  const { cache, runs, store, clean } = await filled(t.testdir());
  const dead = await deadOwner();
  const alive = `${process.pid}-${processStartTime(process.pid)}`;
  const leftovers = [
    `store/host/.building-${dead}-abcdef`,
    `scratch/image-${dead}-abcdef`,
    `packages/.download-${dead}-abcdef`,
    `work/${dead}-abcdef`,
  ];
  const busy = [`store/host/.building-${alive}-abcdef`, `scratch/apt-${alive}-abcdef`];
  for (const path of [...leftovers, ...busy]) await mkdir(join(cache, path), { recursive: true });

  const dry = await clean("--dry-run");
  t.equal(dry.exitCode, 0, dry.stderr);
  for (const path of leftovers) t.match(dry.stdout, path);
  t.match(dry.stdout, /^template +debian-12 +template/m);
  t.match(dry.stdout, /^would free /m);
  t.same(await keys(store), ["image", "template"], "nothing is gone yet");

  t.match((await clean()).stdout, /^freed /m);
  t.same(await keys(store), ["image"]);
  t.same(await readdir(join(cache, "scratch")), [busy[1]!.slice("scratch/".length)]);
  t.ok((await readdir(join(cache, "store/host"))).includes(busy[0]!.slice("store/host/".length)));
  t.same(await readdir(join(cache, "packages")), ["one.deb"]);
  t.same(await readdir(join(cache, "work")), []);
  t.equal((await readdir(runs)).length, 4, "results stay");
});

t.test("only what is named", async (t) => {
  const { cache, runs, store, clean } = await filled(t.testdir());
  await clean("--packages");
  t.same(await keys(store), ["image", "template"]);
  t.notOk((await readdir(cache)).includes("packages"));
  await clean("--images");
  t.same(await keys(store), [], "templates go with their image");
  await clean("--runs");
  t.same(await readdir(runs), ["notes"], "what is no run stays, and no link leads nowhere");
});

t.test("nothing that is in use", async (t) => {
  const { cache, runs, store, clean } = await filled(t.testdir());
  await store.get("template", "template");
  await store.leases.hold("packages");
  const log = await open(join(runs, "20261122-231502-3fa9", "events.jsonl"), "a");
  t.teardown(() => log.close());
  const { stdout } = await clean("--all");
  t.match(stdout, new RegExp(`template +debian-12 .*kept: in use by pid ${process.pid}`));
  t.match(stdout, new RegExp(`packages .*kept: in use by pid ${process.pid}`));
  t.match(stdout, /20261122-231502-3fa9 .*kept: a process works in it/);
  t.same(await keys(store), ["template"]);
  t.same(await readdir(join(cache, "packages")), ["one.deb"]);
  t.same((await readdir(runs)).sort(), ["20261122-231502-3fa9", "notes"]);
});
