import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { withFileLock } from "../../harness/base/file-lock.ts";
import { sha256Json } from "../../harness/base/hash.ts";
import {
  hostMachine,
  TEMPLATE_MAC,
  type HostMachineOptions,
} from "../../harness/host/host-machine.ts";
import type { HostRuntime } from "../../harness/host/running-host.ts";
import { ensureTemplate, templateInputs } from "../../harness/host/template.ts";
import type { HostImage } from "../../harness/image/host-image.ts";
import { Store } from "../../harness/image/store.ts";
import { machineArgv } from "../../harness/machine/command-line.ts";
import { accelProfile } from "../../harness/machine/cpu-profile.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import { host } from "../plan/make.ts";

const spec = host("debian-12");
const profile = accelProfile("tcg", "7.2.0");

function imageOf(more: Partial<HostImage> = {}): HostImage {
  const { name, release, components } = spec;
  const lock = { host: name, format: 1, release, components, requested: [], releaseDates: {} };
  return {
    ...{ spec, lock: { ...lock, packages: [] }, kernelVersion: "6.1.0-56-amd64" },
    ...{ directory: "/i", disk: "/i/disk.raw", xen: "/i/xen", kernel: "/i/vmlinuz" },
    ...{ initrd: "/i/initrd", key: "4b".repeat(32), digest: "d1".repeat(32) },
    ...more,
  };
}

/** A runtime whose QEMU is a file in a folder of the test's. */
function runtimeIn(directory: string): HostRuntime {
  const qemu = join(directory, "qemu");
  writeFileSync(qemu, "QEMU 7.2", { mode: 0o755 });
  return { qemu, profile, timeFactor: 1 };
}

t.test("all that a template depends on is in its key, and nothing else", async (t) => {
  const runtime = runtimeIn(t.testdir({}));
  const key = async (image: HostImage, own: Partial<HostRuntime> = {}) =>
    sha256Json(await templateInputs(image, { ...runtime, ...own }));
  const ofSpec = (more: Partial<HostSpec>) => key(imageOf({ spec: { ...spec, ...more } }));
  const ofDom0 = (more: Partial<HostSpec["dom0"]>) => ofSpec({ dom0: { ...spec.dom0, ...more } });
  const ofProfile = (more: Partial<HostRuntime["profile"]>) =>
    key(imageOf(), { profile: { ...profile, ...more } });

  const usual = await key(imageOf());
  const elsewhere = { directory: "/j", disk: "/j/d", xen: "/j/x", kernel: "/j/k", initrd: "/j/i" };
  t.equal(await key(imageOf(elsewhere), { timeFactor: 9 }), usual, "paths and deadlines are not");

  const others = {
    "the image": key(imageOf({ key: "4c".repeat(32) })),
    "the image's bytes": key(imageOf({ digest: "d2".repeat(32) })),
    memory: ofSpec({ memoryMiB: 4096 }),
    processors: ofSpec({ vcpus: 4 }),
    "dom0's memory": ofDom0({ mem: "1024M,max:1024M" }),
    "dom0's processors": ofDom0({ maxVcpus: 1 }),
    "their pinning": ofDom0({ vcpusPin: true }),
    "words of the host for Xen": ofDom0({ xenOptions: ["spec-ctrl=no"] }),
    "words for Xen": ofProfile({ xenArgs: [...profile.xenArgs, "tsc=unstable"] }),
    "words for dom0's kernel": ofProfile({ dom0Args: [...profile.dom0Args, "nosmp"] }),
    "the CPU model": ofProfile({ cpu: "qemu64" }),
    "the machine type": ofProfile({ machine: "pc" }),
    "how it is accelerated": ofProfile({ accelerator: "tcg,thread=single" }),
    "the accelerator": ofProfile({ accel: "kvm" }),
  };
  const seen = new Set([usual]);
  for (const [what, changed] of Object.entries(others)) {
    t.notOk(seen.has(await changed), what);
    seen.add(await changed);
  }
  writeFileSync(runtime.qemu, "QEMU 9.1");
  t.notOk(seen.has(await key(imageOf())), "QEMU's bytes");
});

t.test("the devices in the key are those of template and clones", async (t) => {
  const runtime = runtimeIn(t.testdir({}));
  const image = imageOf();
  const sockets = { serialSocket: "/s/serial", qmpSocket: "/s/qmp", channelSocket: "/s/channel" };
  const devices = (argv: readonly string[]) => argv.filter((_, at) => argv[at - 1] === "-device");
  const devicesOf = (more: Pick<HostMachineOptions, "ram"> & Partial<HostMachineOptions>) => {
    const machine = { ...runtime, image, disk: "/t/disk.qcow2", mac: TEMPLATE_MAC, ...more };
    return devices(machineArgv({ ...hostMachine(machine), serialLog: "/s/log", ...sockets }));
  };
  const { argv } = await templateInputs(image, runtime);
  const keyed = devices(argv as string[]);
  t.match(keyed.join(" "), /virtio-blk-pci.*virtio-net-pci.*virtio-9p-pci/);
  const ram = { kind: "file", path: "/t/ram" } as const;
  t.same(devicesOf({ ram: { ...ram, share: true } }), keyed);
  const pairEnd = {
    wire: { local: "/s/a", remote: "/s/b" },
    shared: { disk: "/p/disk", folder: "/p/folder" },
  };
  t.same(devicesOf({ ram: { ...ram, share: false }, resume: "/t/stub", pairEnd }), keyed);
});

t.test("who waits for a template that somebody else makes can be interrupted", async (t) => {
  const directory = t.testdir({});
  const runtime = runtimeIn(directory);
  const image = imageOf();
  const store = new Store(join(directory, "store"));
  const key = sha256Json(await templateInputs(image, runtime));
  await withFileLock(join(store.root, "template", `${key}.building`), async () => {
    const interruption = new AbortController();
    const waiting = ensureTemplate({
      ...{ image, runtime, store, signal: interruption.signal },
      logDirectory: join(directory, "logs"),
      phase: () => () => undefined,
    });
    interruption.abort(new Error("interrupted"));
    await t.rejects(waiting, { message: "interrupted" });
  });
  t.equal(await store.get("template", key), undefined);
});
