import { FRESH_HOST_OPTIONS } from "../fresh-host-options.ts";
import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "rules",
  summary: "say what works with a version of Xen and one of libvirt",
  details:
    "Answers for any two versions, released or not, or with --host for a booted host, whose " +
    "versions are checked against its lock. Exits with 1 where the minimum is not met. " +
    "docs/version-rules.md lists all that is known.",
  group: "Look",
  options: [
    {
      name: "xen",
      argument: "VERSION",
      type: "text",
      description: "as Xen or its package tells it: 4.4.2, 4.20-rc3, 4.17.5+72-g01140da4e8-1",
      since: "0.1.0",
    },
    {
      name: "libvirt",
      argument: "VERSION",
      type: "text",
      description: "as libvirt or its package tells it: 1.2.20, 9.0.0-4+deb12u2",
      since: "0.1.0",
    },
    {
      name: "host",
      argument: "NAME",
      type: "text",
      description: "boot this host of images/hosts/, and ask it",
      since: "0.1.0",
    },
    { name: "json", description: "print JSON", since: "0.1.0" },
    ...FRESH_HOST_OPTIONS,
  ],
  examples: [
    ["xenloop rules --xen 4.4.2 --libvirt 1.2.20", "two versions"],
    ["xenloop rules --host debian-12", "a live host"],
  ],
  since: "0.1.0",
});
