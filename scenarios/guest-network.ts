import { bridgeAddress, scenario } from "../harness/scenario/index.ts";

const MAC = "00:16:3e:00:00:12";
/** Beside dom0's own in its user network. */
const ADDRESS = "10.0.2.10";

export default scenario(
  {
    title: "A guest and dom0 reach each other over the bridge",
    tags: ["one-host", "network"],
    needs: {
      guestTypes: ["pv", "pvh", "hvm"],
      guestTypeOf: { mode: { pv: "pv", pvh: "pvh", hvm: "hvm" } },
    },
    deadline: 240,
    axes: { mode: ["pv", "pvh", "hvm"] },
    predicted: [{ outcome: "netfront, both ways" }],
  },
  async (t, { host, axes, step, observe }) => {
    const type = axes["mode"] as "pv" | "pvh" | "hvm";
    const dom0 = await bridgeAddress(host);
    const append = `xenloop.watch=yes xenloop.address=${ADDRESS}/24 xenloop.echo=${dom0}`;
    const nics = [{ mac: MAC }];
    const guest = await step("create", () => host.start({ type, nics, append }));
    const report = await step("guest boots", () => guest.report());
    await step("guest has its card", () =>
      guest.sees("eth0", ({ nics }) => nics.join(" ") === "eth0"),
    );
    await step("guest reaches dom0", () => guest.hears());
    const ping = ["busybox", "ping", "-c", "3", "-W", "5", ADDRESS];
    const back = await step("dom0 reaches guest", () => host.run(ping, { anyStatus: true }));
    t.equal(back.exitCode, 0, back.stdout.trim());
    const neighbour = (await host.run(["ip", "neighbour", "show", ADDRESS])).stdout;
    t.match(neighbour, MAC, "it is the guest that answers");
    const driver = report.frontends.includes("vif-0") ? "netfront" : "another driver";
    observe(`${driver}, ${back.exitCode === 0 ? "both ways" : "one way"}`);
  },
);
