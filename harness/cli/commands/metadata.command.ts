import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "metadata",
  summary: "say what OpenStack makes of an image's properties on Xen",
  details:
    "Shows each step as Nova 22 does it: the properties as it reads them, whether its scheduler " +
    "chooses the host, and the domain XML. The host is one that offers PV and HVM, or the one " +
    "whose capabilities are given. Exits with 1 when the host is not chosen. docs/openstack.md " +
    "tells how this is compared with Nova itself.",
  group: "Look",
  options: [
    {
      name: "property",
      short: "p",
      argument: "NAME=VALUE",
      type: "list",
      description:
        "a property of the image: vm_mode, hypervisor_type, architecture, hw_disk_bus, …",
      since: "0.1.0",
    },
    {
      name: "capabilities",
      argument: "FILE",
      type: "text",
      description: "what `virsh capabilities` printed on the host to ask for",
      since: "0.1.0",
    },
    { name: "json", description: "print JSON", since: "0.1.0" },
  ],
  examples: [
    ["xenloop metadata -p vm_mode=hvm", "an HVM image on any Xen host"],
    ["xenloop metadata -p hypervisor_type=kvm --json", "an image for other hosts, as JSON"],
  ],
  since: "0.1.0",
});
