import { defineCommand } from "../table.ts";
import { RUN_OPTIONS } from "./run.command.ts";

export default defineCommand({
  name: "replay",
  summary: "run one cell of a recorded run again, made from the same",
  details:
    "Takes from the run the host's lock, its packages, sizes and dom0 settings, and the " +
    "accelerator; code comes from this checkout only, and a difference of commit or scenario is " +
    "said. RUN may come from another machine: a directory, a zip, or its address, also the page " +
    "of a GitHub artifact (with GITHUB_TOKEN). Nothing in it is executed.",
  group: "Run",
  arguments: [
    {
      name: "RUN",
      description: "name or directory of a run, or the path or address of a zip of one",
      required: true,
    },
    { name: "CELL", description: "id of the cell, as reports name it", required: true },
  ],
  options: [...RUN_OPTIONS],
  examples: [
    ["xenloop replay runs/latest 'pv-boot[debian-12]'", "one of the last run"],
    ["xenloop replay report.zip 'pv-boot[debian-12]' --keep always", "and look around afterwards"],
  ],
  since: "0.1.0",
});
