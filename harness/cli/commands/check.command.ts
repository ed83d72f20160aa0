import { BUILDER_KINDS } from "../../build/builder.ts";
import { defineCommand } from "../table.ts";
import { RUN_OPTIONS } from "./run.command.ts";

export default defineCommand({
  name: "check",
  summary: "say whether a patch to libvirt or Xen breaks anything",
  details:
    "Builds libvirt, or Xen, with and without the patch in the release of each host, as a user without " +
    "rights and without network, puts what differs on fresh hosts, and runs the scenarios that " +
    "the change can touch with both. What is built is kept only of the unpatched source. Exits " +
    "with 1 when something fails that works without the patch, or when the patch does not apply " +
    "or compile; with 2 when that could not be seen.",
  group: "Run",
  arguments: [
    {
      name: "SCENARIO",
      description: "name, part of a name, or path; those that the change can touch unless told",
      many: true,
    },
  ],
  options: [
    {
      name: "libvirt",
      argument: "SOURCE",
      type: "text",
      description:
        'a git checkout, the tarball of a release, or "debian": the source package of the host',
      since: "0.1.0",
    },
    {
      name: "xen",
      argument: "SOURCE",
      type: "text",
      description: "the same for Xen: its hypervisor, and the tools that libvirt uses",
      since: "0.1.0",
    },
    {
      name: "patch",
      short: "p",
      argument: "FILE",
      type: "files",
      description:
        "diff, mail, mbox, URL of one, or file that holds the URL; may be repeated; what differs from --base unless told",
      since: "0.1.0",
    },
    {
      name: "base",
      argument: "REV",
      type: "text",
      description: "commit of the checkout that the patch is compared with; HEAD unless told",
      since: "0.1.0",
    },
    {
      name: "each",
      description: "judge a series patch by patch, and name the first bad one",
      since: "0.1.0",
    },
    {
      name: "builder",
      argument: "KIND",
      type: "text",
      choices: BUILDER_KINDS,
      default: "root",
      description:
        "what builds are shut in by: a root file system and bubblewrap, or a container of Docker's or Podman's",
      since: "0.1.0",
    },
    {
      name: "prepare",
      description: "build the source without any patch and keep it, for checks to come",
      since: "0.1.0",
    },
    { name: "all", description: "every scenario, whatever the change touches", since: "0.1.0" },
    {
      name: "host",
      argument: "NAME",
      type: "list",
      description:
        'hosts of images/hosts/, "all" or "rebuilt"; the configuration\'s defaultHosts otherwise',
      since: "0.1.0",
    },
    ...RUN_OPTIONS,
  ],
  examples: [
    ["xenloop check --libvirt ../libvirt", "what is not committed yet"],
    ["xenloop check --libvirt ../libvirt --base master --each", "a branch, commit by commit"],
    ["xenloop check --libvirt debian --patch fix.patch pv-boot", "a fix, with one scenario"],
    ["xenloop check --xen ../xen --host debian-12", "a change to Xen"],
  ],
  since: "0.1.0",
});
