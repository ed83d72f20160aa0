import { knownIssue } from "../../harness/scenario/index.ts";

const domain = (kernel: string): string => `<domain type="xen">
  <name>k02</name>
  <memory unit="MiB">128</memory>
  <vcpu>1</vcpu>
  <os><type arch="x86_64" machine="xenfv">hvm</type><kernel>${kernel}</kernel></os>
  <features><acpi/><apic/><pae/></features>
  <devices>
    <serial type="pty"><target port="0"/></serial>
    <serial type="pty"><target port="1"/></serial>
  </devices>
</domain>`;

export default knownIssue({
  id: "K02",
  title: "an HVM guest with two serial ports crashes libvirtd",
  symptom: "error: Disconnected from xen:///system due to end of file; libvirtd dies of SIGSEGV",
  affected: { libvirt: [">=7.0.0 <11.3.0"] },
  fix: "libvirt 11.3.0 or before (allocates n + 1 strings, not none)",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c",
  fingerprint: [
    { in: "reason", text: /End of file while reading data|due to end of file/ },
    { in: "dmesg", text: /libvirtd\[PID\]: segfault at .* in libvirt_driver_libxl\.so/ },
  ],
  reproducer: {
    does: "creates an HVM guest with two <serial type='pty'>",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 180,
    body: async (t, { host, step }) => {
      const kernel = host.guestKernel;
      const created = await step("create", () =>
        host.virsh(["create", "/dev/stdin"], {
          input: domain(kernel),
          timeoutMs: 120_000,
          anyStatus: true,
        }),
      );
      t.teardown(() => host.virsh(["destroy", "k02"], { anyStatus: true }));
      t.notMatch(created.stderr, /end of file/i, "libvirtd survives two serial ports");
      t.equal(created.exitCode, 0, "the domain is created");
    },
  },
});
