import { defineOptions } from "./table.ts";

/** Understood by every command, before or after its name. */
export const GLOBAL_OPTIONS = defineOptions([
  {
    name: "config",
    argument: "FILE",
    type: "text",
    description: "configuration file; otherwise xenloop.config.yaml of this directory or one above",
    since: "0.1.0",
  },
  {
    name: "cache",
    argument: "DIR",
    type: "text",
    setting: "cache",
    description: "directory of images, templates and packages",
    since: "0.1.0",
  },
  {
    name: "verbose",
    short: "v",
    description: "say more: phases in detail, and the stack of an unexpected error",
    since: "0.1.0",
  },
]);
