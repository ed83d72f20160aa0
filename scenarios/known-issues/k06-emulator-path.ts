import { knownIssue, type ScenarioContext } from "../../harness/scenario/index.ts";

const domain = (emulator: string, kernel: string): string => `<domain type="xen">
  <name>k06</name>
  <memory unit="MiB">128</memory>
  <vcpu>1</vcpu>
  <os><type arch="x86_64" machine="xenfv">hvm</type><kernel>${kernel}</kernel></os>
  <features><acpi/><apic/><pae/></features>
  <devices><emulator>${emulator}</emulator></devices>
</domain>`;

/** Paths that `virsh capabilities` offers to who writes a domain's XML. */
async function advertised(host: ScenarioContext["host"]): Promise<string[]> {
  const { stdout } = await host.virsh(["capabilities"]);
  const paths = [...stdout.matchAll(/<emulator>([^<]*)<\/emulator>/g)].map(([, path]) => path!);
  return [...new Set(paths)];
}

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
      const [emulator = ""] = await step("ask for capabilities", () => advertised(host));
      const kernel = host.guestKernel;
      const created = await step("create", () =>
        host.virsh(["create", "/dev/stdin"], {
          input: domain(emulator, kernel),
          timeoutMs: 120_000,
          anyStatus: true,
        }),
      );
      t.teardown(() => host.virsh(["destroy", "k06"], { anyStatus: true }));
      t.notMatch(created.stderr, /not found/, "libvirt finds the emulator that it advertises");
      t.equal(created.exitCode, 0, "the domain is created");
    },
  },
});
