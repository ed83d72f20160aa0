import { readdir } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { parseConfig } from "../../harness/config/parse.ts";
import { lockMismatch, lockPath } from "../../harness/image/pinned-lock.ts";
import { lockedVersion } from "../../harness/image/lock-diff.ts";
import { readLock } from "../../harness/image/lock-file.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import { ROOT } from "../cli/run-xenloop.ts";

const config = { path: undefined, ...parseConfig("", "none") };
const hosts = await loadHosts({ directory: join(ROOT, "images/hosts"), config });

for (const host of hosts.all()) {
  t.test(`${host.name}: its lock is what the host file asks for and expects`, async (t) => {
    const lock = (await readLock(lockPath(host.name)))!;
    t.equal(lock.host, host.name);
    t.equal(lockMismatch(lock, host), undefined);
    const { xen, libvirt, kernel } = host.expect;
    t.ok(lockedVersion(lock, "Xen")!.startsWith(xen));
    t.ok(lockedVersion(lock, "libvirt")!.startsWith(libvirt));
    t.ok(lockedVersion(lock, "Linux")!.startsWith(kernel));
    const names = lock.packages.map(({ name }) => name);
    t.same(names, names.toSorted());
    t.same(
      lock.packages.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256)),
      [],
    );
    t.ok(Object.keys(lock.releaseDates).includes(host.release));
  });
}

t.test("every lock has its host, which is not pinned by another's", async (t) => {
  const locks = await readdir(join(ROOT, "images/lock"));
  t.same(locks.map((file) => file.replace(/\.json$/, "")).sort(), hosts.names.toSorted());
});

t.test("a host file that asks for something else is not answered by the lock", async (t) => {
  const host = hosts.get("debian-12");
  const lock = (await readLock(lockPath(host.name)))!;
  const changes: [Partial<HostSpec>, string][] = [
    [{ release: "trixie" }, "another release"],
    [{ components: ["main", "contrib"] }, "other components of the archive"],
    [{ packages: [...host.packages, "gdb"] }, "other packages"],
  ];
  for (const [change, why] of changes) t.equal(lockMismatch(lock, { ...host, ...change }), why);
  t.equal(lockMismatch(lock, { ...host, packages: host.packages.toReversed() }), undefined);
});
