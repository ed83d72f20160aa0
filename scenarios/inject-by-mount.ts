import {
  imageToInject,
  INJECTION,
  injectionSteps,
  mountedScript,
  scenario,
  verifyInjected,
} from "../harness/scenario/index.ts";

/** Nova's two ways to a device; it then asks kpartx for the partition, here the kernel finds it. */
const OPEN: Readonly<Record<string, string>> = {
  raw: `device=$(losetup --find --show --partscan "$2")
close() { losetup --detach "$device"; }`,
  qcow2: `modprobe nbd max_part=16
device=/dev/nbd15
qemu-nbd --connect "$device" --format qcow2 "$2"
close() { qemu-nbd --disconnect "$device" > /dev/null; }
udevadm settle`,
};

/** MOUNTPOINT IMAGE: as Nova's VFSLocalFS, which it takes where Python finds no libguestfs. */
const script = (format: string): string => `set -e
mkdir -p "$1"
${OPEN[format]}
trap 'umount "$1"; close' EXIT
mount "\${device}p1" "$1"
${mountedScript(injectionSteps(INJECTION))}
`;

export default scenario(
  {
    title: "Nova's injection without libguestfs, through a loop or nbd device, reaches the guest",
    tags: ["one-host", "openstack", "injection"],
    needs: { guestTypes: ["pv"] },
    deadline: 300,
    axes: { image: ["raw", "qcow2"] },
    predicted: [
      { axes: { image: "raw" }, outcome: "injected through loop, read by the guest" },
      { axes: { image: "qcow2" }, outcome: "injected through nbd, read by the guest" },
    ],
  },
  async (t, context) => {
    const { host, axes, step, observe } = context;
    const format = axes["image"] === "qcow2" ? "qcow2" : "raw";
    const disk = await step("make the image", () => imageToInject(host, format));
    const argv = ["sh", "-c", script(format), "sh", "/var/tmp/injection", disk.path];
    await step("inject", () => host.run(argv, { timeoutMs: 120_000 }));
    await verifyInjected(t, context, disk);
    observe(`injected through ${format === "raw" ? "loop" : "nbd"}, read by the guest`);
    if (format === "qcow2") t.equal(await disk.check(), 0, "qemu-img check has no complaint");
  },
);
