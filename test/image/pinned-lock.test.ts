import { readdir } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { builderName, builderSpec } from "../../harness/build/builder-spec.ts";
import { loadHosts } from "../../harness/config/host-registry.ts";
import { parseConfig } from "../../harness/config/parse.ts";
import { lockMismatch, lockPath } from "../../harness/image/pinned-lock.ts";
import { lockedVersion } from "../../harness/image/lock-diff.ts";
import { readLock, type HostLock } from "../../harness/image/lock-file.ts";
import { promisedVersions } from "../../harness/image/locked-versions.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import { ROOT } from "../cli/run-xenloop.ts";

const config = { path: undefined, ...parseConfig("", "none") };
const hosts = await loadHosts({ directory: join(ROOT, "images/hosts"), config });

for (const host of hosts.names.map((name) => hosts.get(name))) {
  t.test(`${host.name}: its lock is what the host file asks for and expects`, async (t) => {
    const lock = (await readLock(lockPath(host.name)))!;
    t.equal(lock.host, host.name);
    t.equal(lockMismatch(lock, host), undefined);
    const { xen, libvirt, kernel } = host.expect;
    t.ok(lockedVersion(lock, "Xen")!.startsWith(xen));
    t.ok(promisedVersions(host, lock)!.libvirt.startsWith(libvirt));
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

for (const host of hosts.named(["all", "rebuilt"])) {
  t.test(
    `${host.name}: its builder has the host's own Xen, and the source of its libvirt`,
    async (t) => {
      const builder = builderSpec(host);
      const lock = (await readLock(lockPath(builder.name)))!;
      t.equal(lockMismatch(lock, builder), undefined);
      const version = (of: HostLock, name: string) =>
        of.packages.find((p) => p.name === name)?.version;
      const own = (await readLock(lockPath(host.name)))!;
      t.equal(version(lock, "libxen-dev"), lockedVersion(own, "Xen"));
      // Where the host's libvirt is another release's, so is its source.
      const origin = builderSpec({ ...host, ...host.libvirt?.source });
      const sources = (await readLock(lockPath(origin.name)))!.sources;
      const source = sources?.find(({ name }) => name === "libvirt")?.version ?? "";
      const packaged = version(own, "libvirt-daemon") ?? "";
      if (host.libvirt) t.ok(source.startsWith(host.expect.libvirt), source);
      else t.equal(source, packaged);
    },
  );
}

const xenBuilder = builderSpec(hosts.get("debian-12"), "xen");

t.test("Xen's builder has the source of the host's own Xen", async (t) => {
  const lock = (await readLock(lockPath(xenBuilder.name)))!;
  t.equal(lockMismatch(lock, xenBuilder), undefined);
  const [source, ...others] = lock.sources ?? [];
  t.equal(source?.name, "xen");
  t.ok(source?.version.startsWith(hosts.get("debian-12").expect.xen));
  t.same(others, []);
});

t.test("every lock is a host's or its builder's, which is not pinned by another's", async (t) => {
  const locks = await readdir(join(ROOT, "images/lock"));
  const expected = [
    ...hosts.names,
    ...new Set(hosts.all().map((host) => builderName(host))),
    xenBuilder.name,
  ];
  t.same(locks.map((file) => file.replace(/\.json$/, "")).sort(), expected.toSorted());
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
