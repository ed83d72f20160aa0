import { answer, knownIssue, xlCreate } from "../../harness/scenario/index.ts";

const NAMES = ["org.xenloop.a", "org.xenloop.b"];

export default knownIssue({
  id: "K23",
  title: "the first channel of a guest takes the place of its console",
  symptom:
    "with two channels by xl only the second is there: the first has the device id of the console",
  affected: { xen: [">=4.11 <4.18.5", ">=4.19 <4.19.2", ">=4.20.0 <4.20.1"] },
  fix: "Xen 4.21.0, 4.20.1, 4.19.2, 4.18.5 (e1ccced4af); not in 4.17",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=e1ccced4af",
  fingerprint: [
    {
      in: "reason",
      text: /"(?:both channels are there|a guest with two channels is created)" does not hold/,
    },
  ],
  reproducer: {
    does: "creates a PV guest with two channels by xl create",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const { kernel, initrd } = host.define({ type: "pv" });
      const channels = NAMES.map((name) => `"connection=pty,name=${name}"`).join(",");
      const lines = [
        ...['type="pv"', "memory=128", `channel=[${channels}]`],
        ...[`kernel="${kernel}"`, `ramdisk="${initrd}"`],
      ];
      const created = await step("create", () => xlCreate(t, host, "k23", lines));
      const refusal = created.exitCode === 0 ? "" : answer(created);
      t.equal(refusal, "", "a guest with two channels is created");
      const domid = (await host.xl(["domid", "k23"], { anyStatus: true })).stdout.trim();
      const path = `/local/domain/${domid}/device/console`;
      const { stdout } = await host.run(["xenstore-ls", "-f", path], { anyStatus: true });
      const names = [...stdout.matchAll(/\/name = "(.*)"/g)].map(([, name]) => name).sort();
      t.equal(names.join(" "), NAMES.join(" "), "both channels are there");
    },
  },
});
