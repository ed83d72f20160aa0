import { AGAIN_OPTIONS } from "../again.ts";
import { CHANGED_OPTION } from "../changed-option.ts";
import { ACCEL_OPTION, BACKEND_OPTION } from "../fresh-host-options.ts";
import { SCENARIO_ARGUMENT, SELECTION_OPTIONS } from "../selection.ts";
import { defineCommand, defineOptions } from "../table.ts";

/** Option of every command that writes results. */
export const REPORTER_OPTION = defineOptions([
  {
    name: "reporter",
    argument: "LIST",
    type: "list",
    setting: "reporters",
    description:
      "what writes the results; several at once: list,line,tap,junit=PATH,json=PATH,html=PATH",
    since: "0.1.0",
  },
]);

/** Options of every command that runs cells. */
export const RUN_OPTIONS = defineOptions([
  ...REPORTER_OPTION,
  {
    name: "out",
    argument: "DIR",
    type: "text",
    setting: "runs",
    description: "directory in which the run makes its own, and the link latest",
    since: "0.1.0",
  },
  {
    name: "jobs",
    short: "j",
    argument: "N",
    type: "text",
    setting: "jobs",
    description: "cells at once; auto measures memory and cores",
    since: "0.1.0",
  },
  {
    name: "retries",
    argument: "N",
    type: "text",
    setting: "retries",
    description: "further attempts of a cell that did not pass; all of them are reported",
    since: "0.1.0",
  },
  {
    name: "keep",
    argument: "WHEN",
    type: "text",
    setting: "keep",
    description: "when a cell's machine stays up, to be looked at",
    since: "0.1.0",
  },
  {
    name: "timeout-scale",
    argument: "FACTOR",
    type: "text",
    setting: "timeoutScale",
    description: "factor on every deadline, over the one measured on this machine",
    since: "0.1.0",
  },
  ...ACCEL_OPTION,
  ...BACKEND_OPTION,
  {
    name: "cold",
    description: "boot a host for every cell instead of cloning a booted one",
    since: "0.1.0",
  },
  {
    name: "dry-run",
    short: "n",
    description: "print cells, images and commands, and run nothing",
    since: "0.1.0",
  },
  {
    name: "yes",
    short: "y",
    description: "install missing Debian packages, and run beside foreign guests, without asking",
    since: "0.1.0",
  },
]);

export default defineCommand({
  name: "run",
  summary: "run scenarios on nested Xen hosts",
  group: "Run",
  arguments: [SCENARIO_ARGUMENT],
  options: [...SELECTION_OPTIONS, ...CHANGED_OPTION, ...AGAIN_OPTIONS, ...RUN_OPTIONS],
  examples: [
    ["xenloop run", "the main job: a PV and an HVM guest on the default host"],
    ["xenloop run pv-boot --host all", "one scenario on every host"],
    ["xenloop run 'pv-boot[debian-12]'", "one cell, as reports name it"],
    ["xenloop run --tags 'pv && !slow' --reporter list,junit=junit.xml", "some, with a report"],
    ["xenloop run ./my-scenario.ts", "a scenario of your own"],
    ["xenloop run --changed-since main", "the main job, and what this branch changes, three times"],
    ["xenloop run --last-failed", "what did not pass the last time"],
  ],
  since: "0.1.0",
});
