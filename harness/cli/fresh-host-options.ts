import { defineOptions } from "./table.ts";

/** Options of every command that starts a host for itself; see fresh-host.ts. */
export const FRESH_HOST_OPTIONS = defineOptions([
  {
    name: "accel",
    argument: "KIND",
    type: "text",
    setting: "accel",
    description: "accelerator; auto tries KVM and emulates when that cannot run Xen",
    since: "0.1.0",
  },
  { name: "cold", description: "boot the host instead of cloning it", since: "0.1.0" },
  {
    name: "yes",
    short: "y",
    description: "install missing Debian packages without asking",
    since: "0.1.0",
  },
]);
