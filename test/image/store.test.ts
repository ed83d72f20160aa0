import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { bootId } from "../../harness/base/boot-id.ts";
import { ImageCorrupt, StoreFull } from "../../harness/image/errors.ts";
import {
  describeFile,
  readManifest,
  writeManifest,
  type StoredFile,
} from "../../harness/image/manifest.ts";
import { Store, type BuildRequest } from "../../harness/image/store.ts";
import { runTool } from "../../harness/base/process.ts";
import { StoreProcess } from "./store-process.ts";

function request(key: string, more: Partial<BuildRequest> = {}): BuildRequest {
  return {
    kind: "host",
    key,
    inputs: { host: "debian-12" },
    build: (directory) => writeFile(join(directory, "disk"), "bytes"),
    ...more,
  };
}

t.test("builds once and finds it again", async (t) => {
  const store = new Store(t.testdir());
  const reasons: string[] = [];
  const onBuild = (reason: string) => reasons.push(reason);
  const first = await store.ensure(request("aa", { onBuild }));
  const second = await new Store(store.root).ensure(request("aa", { onBuild }));
  t.same(reasons, ["absent"]);
  t.equal(second.digest, first.digest);
  t.equal(await readFile(second.path("disk"), "utf8"), "bytes");
  t.equal(await store.get("host", "bb"), undefined);
  const other = await store.ensure(request("cc"));
  t.equal(other.digest, first.digest, "equal bytes, equal digests, whatever the key");
});

t.test("a build that fails leaves nothing", async (t) => {
  const store = new Store(t.testdir());
  const build = async (directory: string) => {
    await writeFile(join(directory, "half"), "");
    throw new Error("no kernel");
  };
  await t.rejects(store.ensure(request("aa", { build })), { message: "no kernel" });
  t.same(await readdir(join(store.root, "host")), []);
  t.equal(await store.get("host", "aa"), undefined);
});

t.test("a changed file is noticed and the entry rebuilt", async (t) => {
  const store = new Store(t.testdir());
  const entry = await store.ensure(request("aa"));
  await writeFile(entry.path("disk"), "bites");
  await t.rejects(store.get("host", "aa"), new ImageCorrupt("host/aa", "disk"));
  const reasons: string[] = [];
  const again = await store.ensure(request("aa", { onBuild: (reason) => reasons.push(reason) }));
  t.match(reasons, [/host\/aa .* is damaged: disk/]);
  t.equal(await readFile(again.path("disk"), "utf8"), "bytes");
});

t.test("a lost file and a broken manifest are damage too", async (t) => {
  const store = new Store(t.testdir());
  for (const damage of ["disk", "manifest.json"]) {
    const entry = await store.ensure(request("aa"));
    await writeFile(entry.path(damage), "");
    await t.rejects(store.get("host", "aa"), { code: "IMAGE_CORRUPT" });
    const [listed] = await store.list();
    t.equal(listed?.key, "aa", "it is listed all the same");
    t.equal(listed?.damage !== undefined, damage === "manifest.json");
  }
});

t.test("a touched file is read again, and then not any more", async (t) => {
  const store = new Store(t.testdir());
  const entry = await store.ensure(request("aa"));
  await utimes(entry.path("disk"), 1, 1);
  const manifest = entry.path("manifest.json");
  const before = (await stat(manifest, { bigint: true })).mtimeNs;
  t.ok(await store.get("host", "aa"));
  const after = (await stat(manifest, { bigint: true })).mtimeNs;
  t.not(after, before, "the new time is noted");
  t.ok(await store.get("host", "aa"));
  t.equal((await stat(manifest, { bigint: true })).mtimeNs, after);
});

t.test("what the times do not show, a full check finds, and a rebuild follows", async (t) => {
  const store = new Store(t.testdir());
  const entry = await store.ensure(request("aa"));
  await store.verifyFully("host", "aa");
  // As when a disk goes bad: other bytes under the same size and times.
  await writeFile(entry.path("disk"), "bites");
  const { ino, mtimeNs, ctimeNs } = await stat(entry.path("disk"), { bigint: true });
  const manifest = JSON.parse(await readFile(entry.path("manifest.json"), "utf8")) as {
    files: Record<string, { seen: string }>;
  };
  manifest.files["disk"]!.seen = `${ino}:${mtimeNs}:${ctimeNs}`;
  await writeFile(entry.path("manifest.json"), JSON.stringify(manifest));
  t.ok(await store.get("host", "aa"), "not seen by a quick look");
  await t.rejects(store.verifyFully("host", "aa"), { code: "IMAGE_CORRUPT" });
  await t.rejects(store.get("host", "aa"), { code: "IMAGE_CORRUPT" }, "now known");
});

t.test("what an earlier boot of the machine has written is read once more", async (t) => {
  const store = new Store(t.testdir());
  const { directory, path } = await store.ensure(request("aa"));
  const boot = async () => (await readManifest(directory))?.files["disk"]?.boot;
  const note = async (more: Partial<StoredFile>) => {
    const manifest = await readManifest(directory);
    Object.assign(manifest!.files["disk"]!, more);
    await writeManifest(directory, manifest!);
  };
  t.equal(await boot(), bootId());
  await note({ boot: "an earlier one" });
  t.ok(await store.get("host", "aa"));
  t.equal(await boot(), undefined, "it is on the disk");
  // As a power cut leaves it: zeros under the same size and times.
  await writeFile(path("disk"), "\0".repeat(5));
  await note({ seen: (await describeFile(path("disk"))).seen });
  t.ok(await store.get("host", "aa"), "and is not read any more");
  await note({ boot: "an earlier one" });
  await t.rejects(store.get("host", "aa"), new ImageCorrupt("host/aa", "disk"));
});

t.test("an entry that is given up is built anew by whoever asks next", async (t) => {
  const store = new Store(t.testdir());
  const entry = await store.ensure(request("aa"));
  t.equal(await store.giveUp(entry, "it does not start"), undefined, "its bytes are right");
  t.equal(await readFile(entry.path("disk"), "utf8"), "bytes", "others may use it still");
  await t.rejects(store.get("host", "aa"), { code: "ENTRY_GIVEN_UP" });
  t.match((await store.list())[0]?.damage, /is given up: it does not start/);
  const reasons: string[] = [];
  const onBuild = (reason: string) => reasons.push(reason);
  const again = await new Store(store.root).ensure(request("aa", { onBuild }));
  t.match(reasons, [/^host\/aa .* is given up: it does not start$/]);
  t.ok(await store.get("host", "aa"));

  t.equal(await store.giveUp({ ...entry, created: "before" }, "it does not start"), undefined);
  t.ok(await store.get("host", "aa"), "one that took its place meanwhile is not meant");
  await writeFile(again.path("disk"), "bites");
  t.match(await store.giveUp(again, "it does not start"), /is damaged: disk/);
  t.match((await store.list())[0]?.damage, /is given up: .* is damaged: disk/);
});

t.test("two processes at once build once", async (t) => {
  const root = t.testdir();
  const both = [1, 2].map(() => StoreProcess.start(root, "aa", 300));
  t.teardown(() => Promise.all(both.map((one) => one.kill())));
  const words = await Promise.all(
    both.map(async (one) => {
      const line = await one.line();
      return line === "building" ? one.line() : line;
    }),
  );
  const [first = "", second = ""] = words.sort();
  t.match(first, /^built \w{64}$/);
  t.equal(second, first.replace("built", "found"), "both have the same bytes");
  t.equal((await readFile(join(root, "builds"), "utf8")).trim().split("\n").length, 1);
});

t.test("a builder that is killed leaves nothing that looks whole, and is cleaned up", async (t) => {
  const root = t.testdir();
  const store = new Store(root);
  const killed = StoreProcess.start(root, "aa", 60_000);
  t.equal(await killed.line(), "building");
  t.same(await store.leftovers(), [], "somebody still works on it");
  await killed.kill();
  const [leftover] = await store.leftovers();
  t.match(leftover, /\/host\/\.building-\d+-\d+-/);
  t.same(await store.list(), []);
  t.equal(await store.get("host", "aa"), undefined);
  await store.ensure(request("bb"));
  t.same(await store.leftovers(), [], "the next builder removed it");
});

t.test("a builder that waits for another can be interrupted", async (t) => {
  const root = t.testdir();
  const other = StoreProcess.start(root, "aa", 60_000);
  t.teardown(() => other.kill());
  t.equal(await other.line(), "building");
  const interruption = new AbortController();
  const waiting = new Store(root).ensure(request("aa", { signal: interruption.signal }));
  interruption.abort(new Error("interrupted"));
  await t.rejects(waiting, { message: "interrupted" });
});

t.test("list knows sizes with holes, age and host", async (t) => {
  const store = new Store(t.testdir());
  const fill = async (directory: string) => {
    const file = await open(join(directory, "disk"), "w");
    await file.truncate(2 ** 30);
    await file.close();
    await mkdir(join(directory, "logs"));
    await writeFile(join(directory, "logs", "one"), "x".repeat(10_000));
  };
  // Not by ensure(): a gigabyte of holes would be read for its checksum.
  const directory = join(store.root, "host", "aa");
  await mkdir(directory, { recursive: true });
  await fill(directory);
  const [entry] = await store.list();
  t.match(entry, { kind: "host", key: "aa", holders: [] });
  t.ok(entry!.bytes > 2 ** 30 && entry!.bytes < 2 ** 30 + 100_000);
  t.ok(entry!.allocated < 100_000, `${entry!.allocated} bytes on the disk`);
  t.match(entry!.damage, /manifest.json/);
  await store.ensure(request("bb", { inputs: {}, host: "debian-13" }));
  t.strictSame(
    (await store.list()).map(({ key, host }) => [key, host]),
    [
      ["bb", "debian-13"],
      ["aa", undefined],
    ],
  );
});

const notRoot = process.getuid?.() === 0 ? false : "only root may mount a small disk";

t.test("a full disk names itself and leaves nothing", { skip: notRoot }, async (t) => {
  // Not a testdir(), which would be removed before it is unmounted.
  const root = await mkdtemp(join(tmpdir(), "xenloop-full-"));
  t.teardown(() => rm(root, { recursive: true }));
  const mounted = await runTool(["mount", "-t", "tmpfs", "-o", "size=2m", "xenloop-test", root], {
    acceptExitCodes: [0, 1, 32],
  });
  if (mounted.exitCode !== 0) {
    t.pass("no small disk", { skip: `no tmpfs can be mounted: ${mounted.stderr}` });
    return;
  }
  t.teardown(() => runTool(["umount", root]));
  const store = new Store(root);
  const large = (directory: string) => writeFile(join(directory, "disk"), Buffer.alloc(4 << 20));
  await t.rejects(store.ensure(request("aa", { build: large })), { code: "STORE_FULL" });
  const tool = async (directory: string) => {
    const argv = ["dd", "if=/dev/zero", `of=${join(directory, "disk")}`, "bs=1M", "count=4"];
    await runTool(argv);
  };
  const full = store.ensure(request("aa", { build: tool }));
  await t.rejects(full, StoreFull, "also when a tool met it");
  t.same(await readdir(join(root, "host")), []);
  t.ok(await store.ensure(request("aa")), "small things fit again");
});
