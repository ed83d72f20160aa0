import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { resolveLock, withArchive } from "../../harness/image/host-lock.ts";
import type { HostLock } from "../../harness/image/lock-file.ts";
import { PackageCache } from "../../harness/image/package-cache.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import { BASE, LocalArchive, snapshot } from "./local-archive.ts";

const TOOL = { name: "tool", version: "1:2.0-1", control: "Depends: libtool (>= 2)\n" };
const LIBRARY = { name: "libtool", version: "2" };

async function fetchMissing(
  spec: HostSpec,
  lock: HostLock,
  cache: PackageCache,
  scratch: string,
): Promise<string[]> {
  const missing = await cache.missing(lock.packages);
  await withArchive(spec, scratch, undefined, (archive) => cache.fetch(spec, missing, archive));
  return missing.map(({ name }) => name);
}

t.test("resolves, downloads, repairs and goes without network", async (t) => {
  const root = t.testdir();
  const scratch = join(root, "scratch");
  const archive = new LocalArchive(join(root, "archive"));
  await archive.publish("bookworm", [...BASE, TOOL, LIBRARY, { name: "unwanted", version: "1" }]);
  const spec = archive.host(["tool"]);
  const lock = await resolveLock(spec, scratch);
  t.same(
    lock.packages.map(({ name, version, architecture }) => `${name} ${version} ${architecture}`),
    ["apt 1 amd64", "base-files 1 amd64", "libtool 2 amd64", "tool 1:2.0-1 amd64"],
    "what is essential, what was asked for and what that needs, by name",
  );
  t.same(Object.keys(lock.releaseDates), ["bookworm"]);
  t.same(lock.requested, ["tool"]);

  const cache = new PackageCache(join(root, "packages"));
  t.equal((await fetchMissing(spec, lock, cache, scratch)).length, 4);
  t.same(await cache.missing(lock.packages), [], "all are here, under their checksums");
  t.same(
    (await readdir(cache.directory)).sort(),
    lock.packages.map((p) => `${p.sha256}.deb`).sort(),
  );

  const [first, second] = lock.packages;
  await truncate(cache.path(first!), first!.bytes - 10);
  await writeFile(cache.path(second!), Buffer.alloc(second!.bytes));
  t.same(
    await fetchMissing(spec, lock, cache, scratch),
    ["apt", "base-files"],
    "a truncated package and one with other bytes are fetched again",
  );
  t.same(await cache.missing(lock.packages), []);
  t.same(await readdir(scratch), [], "nothing is left of it");
});

t.test("a lock outlives the archive while the cache or a snapshot has its packages", async (t) => {
  const root = t.testdir();
  const scratch = join(root, "scratch");
  const archive = new LocalArchive(join(root, "archive"));
  await archive.publish("bookworm", [...BASE, TOOL, LIBRARY]);
  const spec = archive.host(["tool"]);
  const lock = await resolveLock(spec, scratch);
  const old = await snapshot(archive, join(root, "snapshot"));
  await archive.publish("bookworm", [...BASE, { ...TOOL, version: "1:2.0-2" }]);

  const cache = new PackageCache(join(root, "packages"));
  const gone = fetchMissing(spec, lock, cache, scratch);
  await t.rejects(gone, {
    code: "PACKAGES_GONE",
    message: /^2 package.*fake.*\n  libtool 2\n  tool 1:2.0-1$/,
    hint: /hosts\.fake\.snapshot/,
  });
  t.same((await cache.missing(lock.packages)).length, 4, "nothing is downloaded in vain");
  await fetchMissing(old.host(["tool"]), lock, cache, scratch);
  t.same(await cache.missing(lock.packages), []);
});

t.test("a download that is not what the index says is refused", async (t) => {
  const root = t.testdir();
  const scratch = join(root, "scratch");
  const archive = new LocalArchive(join(root, "archive"));
  await archive.publish("bookworm", [...BASE, LIBRARY]);
  const spec = archive.host(["libtool"]);
  const lock = await resolveLock(spec, scratch);
  await truncate(join(archive.directory, "pool/bookworm/libtool_2_amd64.deb"), 100);
  const cache = new PackageCache(join(root, "packages"));
  await t.rejects(fetchMissing(spec, lock, cache, scratch), { code: "ARCHIVE_UNREACHABLE" });
  t.same(
    (await cache.missing(lock.packages)).map(({ name }) => name),
    ["libtool"],
  );
  t.same(
    (await readdir(cache.directory)).filter((name) => name.startsWith(".")),
    [],
    "the scratch directory is gone",
  );
});
