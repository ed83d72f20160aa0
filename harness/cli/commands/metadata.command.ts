import { FRESH_HOST_OPTIONS } from "../fresh-host-options.ts";
import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "metadata",
  summary: "say what OpenStack makes of an image's properties on Xen",
  details:
    "Shows each step as Nova 22 does it: the properties as it reads them, whether its scheduler " +
    "chooses the host, and the domain XML. The host is one that offers PV and HVM, the one " +
    "whose capabilities are given, or a fresh one that is asked for them; that one can also boot " +
    "the domain, and the guest says what it is. Exits with 1 when the host is not chosen, or the " +
    "guest is not what its image asks for. docs/openstack.md tells how this is compared with " +
    "Nova itself.",
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
    {
      name: "host",
      argument: "HOST",
      type: "text",
      description: "host of images/hosts/ to ask; a clone, thrown away afterwards",
      since: "0.1.0",
    },
    {
      name: "boot",
      description: "boot the domain on --host and let the guest say what it is",
      since: "0.1.0",
    },
    { name: "json", description: "print JSON", since: "0.1.0" },
    ...FRESH_HOST_OPTIONS,
  ],
  examples: [
    ["xenloop metadata -p vm_mode=hvm", "an HVM image on any Xen host"],
    ["xenloop metadata -p hypervisor_type=kvm --json", "an image for other hosts, as JSON"],
    ["xenloop metadata --host debian-12 -p vm_mode=hvm --boot", "what its guest then says it is"],
  ],
  since: "0.1.0",
});
