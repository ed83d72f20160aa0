import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { readManifest } from "../../harness/image/manifest.ts";
import { xenloop } from "../cli/run-xenloop.ts";
import { linkedCache, removeCache, SHARED_CACHE } from "./image-cache.ts";

t.setTimeout(0);

const HOST = "debian-12";

interface Listing {
  store: string;
  entries: { kind: string; host: string; key: string; digest: string; usedBy: number[] }[];
}

async function build(cache: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await xenloop(["image", "build", HOST, "--yes"], {
    env: { XENLOOP_CACHE: cache, ...env },
  });
  if (exitCode !== 0) throw new Error(stderr);
  return /sha256:(\w{64})/.exec(stdout)?.[1] ?? stdout;
}

/** Directories of the image with this digest, and of the root file system it is made of. */
async function entriesOf(cache: string, digest: string): Promise<string[]> {
  const listed = await xenloop(["image", "list", "--json"], { env: { XENLOOP_CACHE: cache } });
  const { store, entries } = JSON.parse(listed.stdout) as Listing;
  const image = entries.find((entry) => entry.kind === "host" && entry.digest.endsWith(digest));
  if (!image) return [];
  const directory = join(store, image.kind, image.key);
  // Hosts of the same packages share a root file system, which bears the name of the first.
  const { root } = (await readManifest(directory))?.inputs as { root: string };
  return [join(store, "rootfs", root), directory];
}

async function fileDigests(cache: string, digest: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const directory of await entriesOf(cache, digest)) {
    const manifest = await readManifest(directory);
    for (const [name, { sha256 }] of Object.entries(manifest?.files ?? {})) digests[name] = sha256;
  }
  return digests;
}

/** What a root file system is made of, a line a file, to find what makes two of them differ. */
async function describe(cache: string, digest: string): Promise<string[]> {
  const [rootfs = ""] = (await entriesOf(cache, digest)).filter((path) =>
    path.includes("/rootfs/"),
  );
  const tar = ["tar", "--file", join(rootfs, "root.tar"), "--numeric-owner"];
  const names = await runTool([...tar, "--list", "--verbose", "--full-time"]);
  const sum = 'printf "%s %s\\n" "$(sha256sum)" "$TAR_FILENAME"';
  const sums = await runTool([...tar, "--extract", "--to-command", sum]);
  return [names, sums].flatMap(({ stdout }) => stdout.split("\n"));
}

/** No proxy listens there: whatever asks the network fails. */
const UNPLUGGED = { http_proxy: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };

// Where the shared cache has the image already, it was made at another time; a difference may
// then also mean that the recipe was changed without a new IMAGE_FORMAT.
t.test(
  "two builds of one lock in two directories are the same bytes, the second without network",
  async (t) => {
    const first = await build(SHARED_CACHE);
    const cache = await linkedCache(["packages"]);
    t.teardown(() => removeCache(cache));
    const elsewhere = join(cache, "another", "temporary directory");
    await mkdir(elsewhere, { recursive: true });
    const umask = process.umask(0o077);
    t.teardown(() => process.umask(umask));
    const abroad = { TMPDIR: elsewhere, TZ: "Pacific/Chatham", LANG: "de_DE" };
    const second = await build(cache, { ...abroad, ...UNPLUGGED });
    const [one, two] = await Promise.all([
      fileDigests(SHARED_CACHE, first),
      fileDigests(cache, second),
    ]);
    t.strictSame(Object.keys(two).sort(), [
      "disk.raw",
      "initrd",
      "kernel-version",
      "root.tar",
      "vmlinuz",
      "xen",
    ]);
    if (two["root.tar"] !== one["root.tar"]) {
      const [left, right] = [await describe(SHARED_CACHE, first), await describe(cache, second)];
      t.comment([...left.filter((line) => !right.includes(line)), "and"].join("\n"));
      t.comment(right.filter((line) => !left.includes(line)).join("\n"));
    }
    t.strictSame(two, one);
    t.equal(second, first);

    const verified = await xenloop(["image", "verify", HOST], { env: { XENLOOP_CACHE: cache } });
    t.equal(verified.exitCode, 0, verified.stdout);
    const again = await xenloop(["image", "build", HOST], {
      env: { XENLOOP_CACHE: cache, ...UNPLUGGED },
    });
    t.match(again.stdout, /in the store, nothing built/, "and needs no network");
  },
);
