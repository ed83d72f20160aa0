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
  ]) {
    const { exitCode, stderr } = await xenloop(["image", ...words], { env });
    t.equal(exitCode, 64);
    t.match(stderr, /debian-12/, "the nearest is named");
  }
});
