import { createHash } from "node:crypto";
import {
  bridgeAddress,
  diskBackends,
  scenario,
  type DataDisk,
  type GuestDisk,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const MAC = "00:16:3e:00:00:11";
/** Beside dom0's own in its user network. */
const ADDRESS = "10.0.2.9";

/** What the guest reads from an empty drive. */
const NOTHING = createHash("sha256").digest("hex");

/** As the guest reads it. */
async function firstSector(host: ScenarioHost, { path }: DataDisk): Promise<string> {
  const script = `head -c 2048 "$1" | sha256sum`;
  return (await host.run(["sh", "-c", script, "sh", path])).stdout.split(" ")[0] ?? "";
}

export default scenario(
  {
    title: "A running guest is given disks, a network card and a CD, and loses them again",
    tags: ["one-host", "devices"],
    needs: { guestTypes: ["pv", "hvm"], guestTypeOf: { mode: { pv: "pv", hvm: "hvm" } } },
    deadline: 300,
    axes: { mode: ["pv", "hvm"] },
    predicted: [
      { axes: { mode: "pv" }, outcome: "qcow2 by qdisk, raw by vbd, card, no drive" },
      { axes: { mode: "hvm" }, outcome: "qcow2 by qdisk, raw by vbd, card, CD changed" },
    ],
  },
  async (t, { host, axes, step, observe }) => {
    const type = axes["mode"] === "hvm" ? "hvm" : "pv";
    const isHvm = type === "hvm";
    const first = await host.disk();
    const [inserted, changed] = [await host.disk(), await host.disk()];
    const dom0 = await bridgeAddress(host);
    const disks: GuestDisk[] = [
      { source: first.path, target: isHvm ? "hda" : "xvda", driver: "qemu", format: "raw" },
    ];
    const cd = { source: inserted.path, device: "cdrom", target: "hdc", readonly: true } as const;
    const guest = await step("create", () =>
      host.start({
        type,
        disks: isHvm ? [...disks, { ...cd, driver: "qemu", format: "raw" }] : disks,
        append: [
          ...["xenloop.watch=yes", `xenloop.address=${ADDRESS}/24`, `xenloop.echo=${dom0}`],
          ...["xenloop.disklog=xvdd", ...(isHvm ? ["xenloop.cd=yes"] : [])],
        ].join(" "),
      }),
    );
    await step("guest boots", () => guest.report());
    const virsh = (command: string, ...rest: string[]) =>
      host.virsh([command, guest.name, ...rest, "--live"], { timeoutMs: 120_000 });
    const seen: string[] = [];

    for (const [format, driver] of [
      ["qcow2", "qemu"],
      ["raw", "phy"],
    ] as const) {
      const disk = await host.disk({ format });
      const kind = ["--driver", driver, "--subdriver", format];
      await step(`attach ${format}`, () => virsh("attach-disk", disk.path, "xvdd", ...kind));
      await guest.sees("xvdd", ({ disks }) => disks.includes("xvdd"));
      const backend = (await diskBackends(host, guest.name)).get("xvdd");
      seen.push(`${format} by ${backend?.kind}`);
      const tick = (guest.lastTick ?? 0) + 2;
      await step("guest writes", () => guest.tick(tick));
      await step(`detach ${format}`, () => virsh("detach-disk", "xvdd"));
      await guest.sees("no xvdd", ({ disks }) => !disks.includes("xvdd"));
      const block = Math.floor((tick - 1) / 8);
      t.match(await disk.text({ block, count: 2 }), `tick ${tick - 1}`, `${format}: dom0 reads it`);
    }

    await step("attach a card", () => virsh("attach-interface", "bridge", "xenbr0", "--mac", MAC));
    await guest.sees("eth0", ({ nics }) => nics.includes("eth0"));
    await step("guest reaches dom0", () => guest.hears());
    const ping = ["busybox", "ping", "-c", "2", "-W", "5", ADDRESS];
    const back = await step("dom0 reaches guest", () => host.run(ping, { anyStatus: true }));
    t.equal(back.exitCode, 0, `dom0 reaches it: ${back.stdout.trim().split("\n").at(-2)}`);
    await step("detach the card", () => virsh("detach-interface", "bridge", "--mac", MAC));
    await guest.sees("no eth0", ({ nics }) => !nics.includes("eth0"));
    seen.push("card");

    if (isHvm) {
      const [one, other] = [await firstSector(host, inserted), await firstSector(host, changed)];
      await guest.sees("the CD", (now) => now.cd === one);
      await step("change the CD", () => virsh("change-media", "hdc", changed.path, "--update"));
      await guest.sees("the other CD", (now) => now.cd === other);
      await step("eject the CD", () => virsh("change-media", "hdc", "--eject"));
      await guest.sees("no CD", (now) => now.cd === NOTHING);
    }
    seen.push(isHvm ? "CD changed" : "no drive");
    observe(seen.join(", "));
    t.equal(await guest.state(), "running", "libvirt says it runs");
  },
);
