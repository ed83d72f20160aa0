import { BACKEND_OPTION, FRESH_HOST_OPTIONS } from "../fresh-host-options.ts";
import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "shell",
  summary: "open a prompt on a fresh booted host",
  details:
    "The host is a clone and is thrown away when the shell ends; by Vagrant it is a machine that is " +
    "brought up, cold, and left as it was found. With a COMMAND, that is run instead of a prompt, " +
    "and its exit code is the shell's. The prompt comes over the host's command channel, and ~. at the " +
    "beginning of a line leaves it, as with ssh; with -v " +
    "the host is opened for ssh and scp as well, and how to get in is said.",
  group: "Look",
  arguments: [
    { name: "HOST", description: "host of images/hosts/ or of the configuration", required: true },
    { name: "COMMAND", description: "command to run in dom0", many: true },
  ],
  options: [...FRESH_HOST_OPTIONS, ...BACKEND_OPTION],
  examples: [
    ["xenloop shell debian-12", "a prompt in dom0"],
    ["xenloop shell debian-12 --backend vagrant", "the same on a machine of Vagrant's"],
    ["xenloop shell debian-12 -- virsh -c xen:///system version", "one command"],
  ],
  since: "0.1.0",
});
