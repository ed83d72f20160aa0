import { YES_OPTION } from "../fresh-host-options.ts";
import { defineCommand, type ArgumentSpec } from "../table.ts";

const HOSTS: ArgumentSpec = {
  name: "HOST",
  description:
    'hosts of images/hosts/, "all" or "rebuilt"; the configuration\'s defaultHosts unless told',
  many: true,
};

export default defineCommand({
  name: "image",
  summary: "build, look at and remove host images, and pin their packages",
  group: "Hosts and images",
  subcommands: [
    {
      name: "build",
      summary: "build the images of hosts that are not in the store",
      details:
        "Takes exactly the packages of images/lock/HOST.json, from the package cache or from the " +
        "archive, and stops when one is in neither. A damaged image is built anew. Two builds " +
        "of one lock by the same versions of the build tools have the same digest.",
      arguments: [HOSTS],
      options: [...YES_OPTION],
      since: "0.1.0",
    },
    {
      name: "list",
      summary: "list images and templates with size, age and who uses them",
      details: "ON DISK is less than SIZE where files have holes.",
      options: [{ name: "json", description: "print JSON", since: "0.1.0" }],
      since: "0.1.0",
    },
    {
      name: "verify",
      summary: "read every byte in the store again and compare checksums",
      details: "Exits 2 when something is damaged; that is then built anew when it is next used.",
      arguments: [
        { name: "HOST", description: "hosts of images/hosts/; all unless told", many: true },
      ],
      since: "0.1.0",
    },
    {
      name: "lock",
      summary: "pin a host to the packages that its archive has today",
      details:
        "Writes images/lock/HOST.json and says what moved; downloads no packages. The sources " +
        "are Debian's main, updates and security archives. A mirror or snapshot from the " +
        "configuration replaces all three: its updates, and a debian-security beside it, are " +
        "taken where they exist. With --builder it is what `xenloop check` builds libvirt in for " +
        "that host, images/lock/RELEASE.builder.json; with --xen-builder the same for Xen.",
      arguments: [{ name: "HOST", description: "host of images/hosts/", required: true }],
      options: [
        {
          name: "builder",
          description: "pin what libvirt is built in for the host instead",
          since: "0.1.0",
        },
        {
          name: "xen-builder",
          description: "pin what Xen is built in for the host instead",
          since: "0.1.0",
        },
        {
          name: "dry-run",
          short: "n",
          description: "say what would move, and write nothing",
          since: "0.1.0",
        },
      ],
      since: "0.1.0",
    },
    {
      name: "prune",
      summary: "remove what was not used for longest until the store fits its budget",
      details:
        "The budget is the configuration's store.budget. What a process uses stays, and the " +
        "templates of an image go with it.",
      options: [
        {
          name: "dry-run",
          short: "n",
          description: "say what would go, and remove nothing",
          since: "0.1.0",
        },
      ],
      since: "0.1.0",
    },
    {
      name: "box",
      summary: "make a Vagrant box of a host, to be used without xenloop",
      details:
        "A disk that boots by itself (BIOS, GRUB, Xen, dom0) for the provider libvirt, with a " +
        "Vagrantfile that says what Xen needs of the machine, under KVM and without. " +
        "docs/vagrant.md tells how to use it.",
      arguments: [{ name: "HOST", description: "host of images/hosts/", required: true }],
      options: [
        {
          name: "out",
          argument: "FILE",
          type: "text",
          description: "where the box goes; HOST.box in the current directory unless told",
          since: "0.1.0",
        },
        {
          name: "key",
          argument: "FILE",
          type: "text",
          description:
            "public ssh keys that may log in as root; Vagrant's well-known one unless told",
          since: "0.1.0",
        },
        ...YES_OPTION,
      ],
      since: "0.1.0",
    },
  ],
  examples: [
    ["xenloop image build all", "before going offline"],
    ["xenloop image box debian-12", "for a colleague who uses Vagrant"],
    ["xenloop image lock debian-12", "then review images/lock/debian-12.json with git diff"],
  ],
  since: "0.1.0",
});
