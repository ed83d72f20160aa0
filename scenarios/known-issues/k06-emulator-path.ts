import { answer, createDomain, knownIssue, withDevices } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K06",
  title: "the advertised emulator does not exist",
  symptom: "unsupported configuration: emulator '/usr/lib/xen/bin/qemu-system-i386' not found",
  affected: {},
  fix: "none: leave <emulator> out of the XML, or name an existing QEMU",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=52dbd6f07c",
  fingerprint: [{ in: "reason", text: /emulator '[^']*' not found/ }],
  reproducer: {
    does: "creates an HVM guest with the <emulator> that virsh capabilities names",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const { stdout } = await step("ask for capabilities", () => host.virsh(["capabilities"]));
      const [emulator = ""] = /<emulator>[^<]*<.emulator>/.exec(stdout) ?? [];
      t.not(emulator, "", "libvirt advertises an emulator");
      const created = await step("create", () =>
        createDomain(t, host, { name: "k06", type: "hvm", edit: withDevices(emulator) }),
      );
      t.match(answer(created), /created from/, "the advertised emulator is there");
    },
  },
});
