import { answer, createDomain, knownIssue, withDevices } from "../../harness/scenario/index.ts";

const SERIALS = [0, 1]
  .map((port) => `<serial type="pty"><target port="${port}"/></serial>`)
  .join("");

export default knownIssue({
  id: "K02",
  title: "an HVM guest with two serial ports crashes libvirtd",
  symptom: "error: Disconnected from xen:///system due to end of file; libvirtd dies of SIGSEGV",
  affected: { libvirt: [">=7.0.0 <11.3.0"] },
  fix: "libvirt 11.3.0 or before (allocates n + 1 strings, not none)",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c",
  fingerprint: [
    { in: "reason", text: /End of file while reading data|due to end of file/ },
    {
      in: "dmesg",
      text: /(?:libvirtd|rpc-worker)\[PID\]: segfault at .* in libvirt_driver_libxl\.so/,
    },
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
      const created = await step("create", () =>
        createDomain(t, host, { name: "k02", type: "hvm", edit: withDevices(SERIALS) }),
      );
      t.match(answer(created), /created from/, "libvirtd survives two serial ports");
    },
  },
});
