import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { Store } from "../../harness/image/store.ts";
import { StoreProcess } from "../image/store-process.ts";
import { xenloop } from "./run-xenloop.ts";

interface Listing {
  version: number;
  budgetBytes: number;
  entries: { kind: string; host: string | null; key: string; usedBy: number[] }[];
}

/** An image this process uses, and one that nobody does. */
async function filled(cache: string) {
  const store = new Store(join(cache, "store"));
  const used = await store.ensure({
    kind: "host",
    key: "a".repeat(64),
    inputs: {},
    host: "debian-12",
    build: (directory) => writeFile(join(directory, "disk.raw"), Buffer.alloc(50_000, 1)),
  });
  const other = StoreProcess.start(store.root, "b".repeat(64));
  await other.finish();
  return { store, used };
}

t.test("list", async (t) => {
  const cache = t.testdir();
  const env = { XENLOOP_CACHE: cache };
  const empty = await xenloop(["image", "list"], { env });
  t.equal(empty.exitCode, 0, empty.stderr);
  t.match(empty.stdout, /^0 B of 40 GiB in .*store\n0 B of Debian packages$/);
  await filled(cache);
  const { stdout } = await xenloop(["image", "list"], { env });
  t.match(stdout, /^KIND +HOST +KEY +SIZE +ON DISK +AGE +LAST USED$/m);
  t.match(stdout, new RegExp(`^host  debian-12  a{12}  .* in use by pid ${process.pid}$`, "m"));
  t.match(stdout, /^host {2}- +b{12} .* ago$/m);
  const json = await xenloop(["image", "list", "--json"], { env });
  const listing = JSON.parse(json.stdout) as Listing;
  t.equal(listing.version, 1);
  t.match(
    listing.entries.find(({ host }) => host === "debian-12"),
    { kind: "host", key: "a".repeat(64), usedBy: [process.pid] },
  );
});

t.test("verify names the damage and exits 2", async (t) => {
  const cache = t.testdir();
  const env = { XENLOOP_CACHE: cache };
  const { used } = await filled(cache);
  const right = await xenloop(["image", "verify"], { env });
  t.equal(right.exitCode, 0, right.stderr);
  t.match(right.stdout, /2 read, none is damaged/);
  await writeFile(used.path("disk.raw"), Buffer.alloc(50_000, 2));
  const wrong = await xenloop(["image", "verify"], { env });
  t.equal(wrong.exitCode, 2);
  t.match(wrong.stdout, /^✖ host debian-12 a{12}/m);
  t.match(wrong.stderr, /host\/a{12} .* is damaged: disk\.raw .*\[IMAGE_CORRUPT\]/);
  const others = await xenloop(["image", "verify", "debian-12"], { env });
  t.match(others.stdout, /1 read, 1 damaged/, "only the host that is named");
});

t.test("prune keeps to the budget and away from what is in use", async (t) => {
  const cache = t.testdir();
  const env = { XENLOOP_CACHE: cache, XENLOOP_STORE_BUDGET: "1K" };
  const { store } = await filled(cache);
  const dry = await xenloop(["image", "prune", "--dry-run"], { env });
  t.match(dry.stdout, /would free .*; the budget is 1\.0 KiB/, dry.stderr);
  t.equal((await store.list()).length, 2);
  const { exitCode, stdout } = await xenloop(["image", "prune"], { env });
  t.equal(exitCode, 0);
  t.match(stdout, /^host +- +b{12}/m);
  t.match(stdout, new RegExp(`a{12} .* kept: in use by pid ${process.pid}`));
  t.same(
    (await store.list()).map(({ host }) => host),
    ["debian-12"],
  );
  const roomy = await xenloop(["image", "prune"], { env: { XENLOOP_CACHE: cache } });
  t.equal(roomy.stdout, "freed 0 B; the budget is 40 GiB");
});

t.test("a host that is none", async (t) => {
  const env = { XENLOOP_CACHE: t.testdir() };
  for (const words of [
    ["build", "debain-12"],
    ["lock", "debain-12"],
    ["verify", "debain-12"],
    ["box", "debain-12"],
  ]) {
    const { exitCode, stderr } = await xenloop(["image", ...words], { env });
    t.equal(exitCode, 64);
    t.match(stderr, /debian-12/, "the nearest is named");
  }
});

t.test("a box that would have no place, or give a private key away", async (t) => {
  const directory = t.testdir({ private: "-----BEGIN OPENSSH PRIVATE KEY-----\n", empty: "" });
  const env = { XENLOOP_CACHE: join(directory, "cache") };
  for (const [words, message] of [
    [["--out", "none/a.box"], /--out: the directory .*none does not exist/],
    [["--key", "none.pub"], /--key: the file .*none\.pub does not exist/],
    [["--key", "private"], /--key: .*private holds no public ssh keys/],
    [["--key", "empty"], /--key: .*empty holds no public ssh keys/],
  ] as const) {
    const options = { cwd: directory, env };
    const { exitCode, stderr } = await xenloop(["image", "box", "debian-12", ...words], options);
    t.equal(exitCode, 64);
    t.match(stderr, message);
  }
});

t.test("a host that is built elsewhere has no image", async (t) => {
  const lab = { backend: "ssh", address: "192.0.2.7", key: "k" };
  const directory = t.testdir({ "xenloop.config.yaml": JSON.stringify({ hosts: { lab } }) });
  const options = { cwd: directory, env: { XENLOOP_CACHE: join(directory, "cache") } };
  for (const command of ["build", "lock"]) {
    const { exitCode, stderr } = await xenloop(["image", command, "lab"], options);
    t.equal(exitCode, 64);
    t.match(stderr, /lab is not built here.*\[HOST_HAS_NO_IMAGE\]/);
  }
  const { stdout } = await xenloop(["list"], options);
  t.match(stdout, "192.0.2.7", "it is listed");
  const all = await xenloop(["run", "pv-boot", "--host", "all", "--dry-run"], options);
  t.match(all, { exitCode: 0, stdout: "pv-boot[debian-12]" });
  t.notMatch(all.stdout, "lab", "all hosts are those that are built here");
});
