import {
  bridgeAddress,
  diskBackends,
  scenario,
  type GuestDisk,
} from "../harness/scenario/index.ts";

const MAC = "00:16:3e:00:00:11";
/** Beside dom0's own in its user network. */
const ADDRESS = "10.0.2.9";

export default scenario(
  {
    title: "A running guest is given disks and a network card, and loses them again",
    tags: ["one-host", "devices"],
    needs: { guestTypes: ["pv"] },
    deadline: 300,
    axes: { mode: ["pv"] },
    predicted: [{ outcome: "qcow2 by qdisk, raw by vbd, card" }],
  },
  async (t, { host, step, observe }) => {
    const first = await host.disk();
    const dom0 = await bridgeAddress(host);
    const disks: GuestDisk[] = [
      { source: first.path, target: "xvda", driver: "qemu", format: "raw" },
    ];
    const guest = await step("create", () =>
      host.start({
        type: "pv",
        disks,
        append: [
          ...["xenloop.watch=yes", `xenloop.address=${ADDRESS}/24`, `xenloop.echo=${dom0}`],
          ...["xenloop.disklog=xvdd"],
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

    observe(seen.join(", "));
    t.equal(await guest.state(), "running", "libvirt says it runs");
  },
);
