import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { writeLock } from "../../harness/image/host-lock.ts";
import { diffLocks, renderLockDiff } from "../../harness/image/lock-diff.ts";
import {
  formatLock,
  IMAGE_FORMAT,
  readLock,
  type HostLock,
  type LockedPackage,
} from "../../harness/image/lock-file.ts";

function locked(name: string, version: string, salt = ""): LockedPackage {
  const sha256 = Buffer.from(`${name} ${version} ${salt}`).toString("hex").padEnd(64, "0");
  return { name, version, architecture: "amd64", bytes: 1000, sha256 };
}

function lock(packages: LockedPackage[], more: Partial<HostLock> = {}): HostLock {
  return {
    host: "debian-12",
    format: IMAGE_FORMAT,
    release: "bookworm",
    components: ["main"],
    requested: ["linux-image-amd64"],
    releaseDates: { bookworm: "2026-07-11T10:16:37.000Z" },
    packages,
    ...more,
  };
}

const BEFORE = lock([
  locked("bash", "5.2-1"),
  locked("libvirt-daemon", "9.0.0-4+deb12u2"),
  locked("linux-image-6.1.0-55-amd64", "6.1.190-1"),
  locked("linux-image-amd64", "6.1.190-1"),
  locked("openssl", "3.0-1"),
  locked("tar", "1.34-1"),
  locked("xen-hypervisor-4.17-amd64", "4.17.5-1"),
]);

t.test("what moved, Xen, libvirt and the kernel first", (t) => {
  const after = lock(
    [
      locked("bash", "5.2-1", "rebuilt"),
      locked("libvirt-daemon", "9.0.0-4+deb12u2"),
      locked("linux-image-6.1.0-56-amd64", "6.1.192-2"),
      locked("linux-image-amd64", "6.1.192-2"),
      locked("openssl", "3.0-2"),
      locked("xen-hypervisor-4.17-amd64", "4.17.7-1"),
      locked("zstd", "1.5-1"),
    ],
    { releaseDates: { "bookworm-security": "2026-11-21T00:53:02.000Z" } },
  );
  const diff = diffLocks(BEFORE, after);
  t.equal(diff.isChanged, true);
  t.equal(
    renderLockDiff(diff),
    [
      "  Xen      4.17.5-1 → 4.17.7-1",
      "  libvirt  9.0.0-4+deb12u2, unchanged",
      "  Linux    6.1.190-1 → 6.1.192-2",
      "  + resolved from bookworm-security",
      "  - not resolved from bookworm any more",
      "  3 moved:",
      "    bash 5.2-1, rebuilt: same version, other bytes",
      "    linux-image-amd64 6.1.190-1 → 6.1.192-2",
      "    openssl 3.0-1 → 3.0-2",
      "  1 added:",
      "    zstd 1.5-1",
      "  1 removed:",
      "    tar 1.34-1",
      "",
    ].join("\n"),
  );
  t.end();
});

t.test("nothing changed, when only the index is newer", (t) => {
  const later = lock([...BEFORE.packages], {
    releaseDates: { bookworm: new Date().toISOString() },
  });
  t.equal(diffLocks(BEFORE, later).isChanged, false);
  t.equal(diffLocks(BEFORE, { ...later, requested: ["tar"] }).isChanged, true);
  t.equal(diffLocks(BEFORE, { ...later, components: ["main", "contrib"] }).isChanged, true);
  t.equal(diffLocks(undefined, later).isChanged, true);
  t.end();
});

t.test("a lock is read as it was written", async (t) => {
  const path = join(t.testdir(), "lock/debian-12.json");
  t.equal(await readLock(path), undefined);
  await writeLock(path, BEFORE);
  t.same(await readLock(path), BEFORE);
  const text = await readFile(path, "utf8");
  t.equal(text, formatLock(BEFORE));
  t.equal(text.split("\n").filter((line) => line.includes('"sha256"')).length, 7, "a line each");
});

t.test("what is no lock says why", async (t) => {
  const path = join(t.testdir(), "lock.json");
  const broken = {
    "not JSON": "{",
    "format 0": JSON.stringify(lock(BEFORE.packages, { format: 0 })),
    "does not name the components": JSON.stringify({ ...BEFORE, components: undefined }),
    "lists no packages": JSON.stringify(lock([])),
  };
  for (const [why, text] of Object.entries(broken)) {
    await writeFile(path, text);
    await t.rejects(readLock(path), { code: "LOCK_INVALID", hint: /image lock/ }, why);
  }
  await t.rejects(readLock(path), { message: /lists no packages/ });
});
