import { defineOptions } from "./table.ts";

/** Option of every command that boots machines. */
export const ACCEL_OPTION = defineOptions([
  {
    name: "accel",
    argument: "KIND",
    type: "text",
    setting: "accel",
    description: "accelerator; auto tries KVM and emulates when that cannot run Xen",
    since: "0.1.0",
  },
] as const);

/** Option of every command that can have its hosts from elsewhere. */
export const BACKEND_OPTION = defineOptions([
  {
    name: "backend",
    argument: "NAME",
    type: "text",
    setting: "backend",
    description: "who brings up hosts: QEMU's machines, or Vagrant with boxes of them",
    since: "0.1.0",
  },
] as const);

/** Option of every command that needs packages and touches nothing of others. */
export const YES_OPTION = defineOptions([
  {
    name: "yes",
    short: "y",
    description: "install missing Debian packages without asking",
    since: "0.1.0",
  },
]);

/** Options of every command that starts a host for itself; see fresh-host.ts. */
export const FRESH_HOST_OPTIONS = defineOptions([
  ...ACCEL_OPTION,
  { name: "cold", description: "boot the host instead of cloning it", since: "0.1.0" },
  ...YES_OPTION,
]);
