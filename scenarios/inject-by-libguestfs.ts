import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $, which } from "zx";
import {
  answer,
  guestfishScript,
  imageToInject,
  INJECTION,
  injectionSteps,
  scenario,
  verifyInjected,
  type DataDisk,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

/** Made with the image of the host: see images/guestfs. */
const APPLIANCE = "/usr/lib/xenloop/appliance";
const QEMU_DRIVER = "/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so";
const ASIDE = "/var/tmp/libvirt_driver_qemu.so";

const QEMU = "libvirt:qemu:///system";

/** Who refuses, and how; the second only where libvirt's QEMU driver is not installed. */
const REFUSALS: readonly { backend: string; says: RegExp; withoutDriver?: true }[] = [
  {
    backend: "libvirt:xen:///system",
    says: /libvirt hypervisor doesn.t support qemu or KVM/,
  },
  { backend: QEMU, says: /no connection driver available for/, withoutDriver: true },
];

/** Two levels of emulation boot the appliance in minutes. */
const INJECT_TIMEOUT_MS = 540_000;
const BACKENDS: Readonly<Record<string, string>> = { direct: "direct", libvirt: QEMU };

const settings = (backend: string, appliance = APPLIANCE): string[] => [
  `LIBGUESTFS_BACKEND=${backend}`,
  "LIBGUESTFS_BACKEND_SETTINGS=force_tcg",
  `LIBGUESTFS_PATH=${appliance}`,
  "LIBGUESTFS_MEMSIZE=256",
];

/** Nova adds the drive, mounts the partition, and writes. */
const guestfish = (image: string, format: string, scratch: string): string =>
  `add ${image} format:${format}
run
mount-options "" /dev/sda1 /
${guestfishScript(injectionSteps(INJECTION), scratch)}`;

async function injectInDom0(host: ScenarioHost, disk: DataDisk, backend: string) {
  return host.run(["env", ...settings(backend), "guestfish"], {
    input: guestfish(disk.path, disk.format, "/var/tmp/shadow"),
    timeoutMs: INJECT_TIMEOUT_MS,
    anyStatus: true,
  });
}

/** The driver is back afterwards, and before it where an earlier process was killed meanwhile. */
async function withoutQemuDriver<T>(host: ScenarioHost, work: () => Promise<T>): Promise<T> {
  const restart = ["systemctl", "restart", "libvirtd"];
  await host.run(["sh", "-c", `[ -e "$1" ] || mv "$2" "$1"`, "sh", QEMU_DRIVER, ASIDE]);
  await host.run(["mv", QEMU_DRIVER, ASIDE]);
  try {
    await host.run(restart);
    return await work();
  } finally {
    await host.run(["mv", ASIDE, QEMU_DRIVER]);
    await host.run(restart);
  }
}

/** guestfish with its libraries and the appliance, to run where they are unpacked. */
const PACK = `ldd /usr/bin/guestfish | sed -n 's:^[^/]*\\(/[^ ]*\\) (0x.*:\\1:p' |
  tar -chf /var/tmp/guestfish.tar -T - /usr/bin/guestfish ${APPLIANCE}`;

/** With the host's libguestfs, but on this machine: one level of emulation less. */
async function injectOutside(host: ScenarioHost, disk: DataDisk): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), "xenloop-guestfish-"));
  try {
    const [tar, image] = [join(place, "guestfish.tar"), join(place, `disk.${disk.format}`)];
    await host.run(["sh", "-c", PACK], { timeoutMs: 120_000 });
    await host.download("/var/tmp/guestfish.tar", createWriteStream(tar));
    await host.download(disk.path, createWriteStream(image));
    await $`tar -xf ${tar} -C ${place}`.quiet();
    const commands = join(place, "commands");
    await writeFile(commands, guestfish(image, disk.format, join(place, "shadow")));
    const env = [
      ...settings("direct", join(place, APPLIANCE)),
      `LIBGUESTFS_HV=${await which("qemu-system-x86_64")}`,
      `TMPDIR=${place}`,
    ];
    const loader = join(place, "lib64/ld-linux-x86-64.so.2");
    const libraries = `${place}/lib/x86_64-linux-gnu:${place}/usr/lib/x86_64-linux-gnu`;
    const program = join(place, "usr/bin/guestfish");
    await $`env ${env} ${loader} --library-path ${libraries} ${program} -f ${commands}`.quiet();
    await host.upload(createReadStream(image), disk.path);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

export default scenario(
  {
    title: "libguestfs refuses Xen's connection, and injects into an image that a guest then reads",
    tags: ["one-host", "openstack", "injection"],
    needs: { guestTypes: ["pv"], packages: ["libguestfs0"] },
    deadline: 720,
    axes: {
      by: ["refused", "outside-raw", "outside-qcow2", "direct-raw", "libvirt-qcow2"],
    },
    predicted: [
      { outcome: "injected, read by the guest" },
      { axes: { by: "refused" }, outcome: "refused" },
    ],
  },
  async (t, context) => {
    const { host, axes, step, observe } = context;
    const [way = "", format] = (axes["by"] ?? "").split("-");
    // Without it no refusal would be libguestfs's.
    await host.run(["guestfish", "--version"]);
    const disk = await step("make the image", () =>
      imageToInject(host, format === "qcow2" ? "qcow2" : "raw"),
    );
    if (way === "refused") {
      for (const { backend, says, withoutDriver = false } of REFUSALS) {
        const inject = () => step(backend, () => injectInDom0(host, disk, backend));
        const done = await (withoutDriver ? withoutQemuDriver(host, inject) : inject());
        t.not(done.exitCode, 0, `${backend} refuses`);
        t.match(answer(done), says, "and says why");
      }
      observe("refused");
      return;
    }
    const backend = BACKENDS[way];
    if (backend === undefined) await step("inject", () => injectOutside(host, disk));
    else {
      const done = await step("inject", () => injectInDom0(host, disk, backend));
      t.equal(done.exitCode, 0, `${backend} injects: ${answer(done)}`);
    }
    await verifyInjected(t, context, disk);
    observe("injected, read by the guest");
    if (disk.format === "qcow2") t.equal(await disk.check(), 0, "qemu-img check is content");
  },
);
