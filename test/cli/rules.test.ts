import t from "tap";
import { lockedVersions } from "../../harness/image/locked-versions.ts";
import type { HostLock, LockedPackage } from "../../harness/image/lock-file.ts";
import { xenloop } from "./run-xenloop.ts";

t.test("two versions", async (t) => {
  const old = await xenloop(["rules", "--xen", "4.4.2", "--libvirt", "1.2.20"]);
  t.equal(old.exitCode, 1, "the minimum is not met");
  t.match(old.stdout, /^Xen 4\.4\.2 with libvirt 1\.2\.20\n✖ minimum not met$/m);
  t.match(old.stdout, /^backports$/m);

  const json = await xenloop(["rules", "--xen", "4.17.5", "--libvirt", "9.0.0", "--json"]);
  t.equal(json.exitCode, 0);
  t.match(JSON.parse(json.stdout), { xen: "4.17.5", minimumMet: true, supported: true });
});

t.test("wrong usage", async (t) => {
  for (const [args, code, message] of [
    [[], "USAGE_INVALID", /--xen VERSION is missing/],
    [["--xen", "4.17"], "USAGE_INVALID", /--libvirt VERSION is missing/],
    [["--host", "debian-12", "--xen", "4.17"], "USAGE_INVALID", /tells both versions itself/],
    [["--host", "debain-12"], "HOST_UNKNOWN", /debian-12/],
    [["--xen", "new", "--libvirt", "9.0.0"], "VERSION_UNREADABLE", /"new" is no version/],
  ] as const) {
    const { exitCode, stderr } = await xenloop(["rules", ...args]);
    t.equal(exitCode, 64, args.join(" "));
    t.match(stderr, `[${code}]`);
    t.match(stderr, message);
  }
});

t.test("versions of a lock", async (t) => {
  const lock = (...names: [name: string, version: string][]): HostLock => ({
    host: "h",
    format: 1,
    release: "stable",
    components: ["main"],
    requested: [],
    releaseDates: {},
    packages: names.map(([name, version]) => {
      const rest = { architecture: "amd64", bytes: 1, sha256: "" };
      return { name, version, ...rest } satisfies LockedPackage;
    }),
  });
  const xen = "4.17.5+72-g01140da4e8-1";
  const all = lock(
    ["libvirt-daemon", "1"],
    ["libvirt-daemon-system", "9.0.0-4+deb12u2"],
    ["xen-hypervisor-common", "2"],
    ["xen-hypervisor-4.17-amd64", xen],
  );
  t.strictSame(lockedVersions(all), { xen, libvirt: "9.0.0-4+deb12u2" });
  t.equal(lockedVersions(lock(["xen-hypervisor-common", "2"])), undefined);
});
