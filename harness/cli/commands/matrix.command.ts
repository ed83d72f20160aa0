import { AGAIN_OPTIONS } from "../again.ts";
import { SCENARIO_ARGUMENT, SELECTION_OPTIONS } from "../selection.ts";
import { defineCommand, defineOptions } from "../table.ts";
import { RUN_OPTIONS } from "./run.command.ts";

const SHARD_OPTION = defineOptions([
  {
    name: "shard",
    argument: "I/N",
    type: "text",
    description: "only the I-th of N parts of the matrix, balanced by expected cost",
    since: "0.1.0",
  },
]);

export default defineCommand({
  name: "matrix",
  summary: "plan and run scenarios on every host, in one go or in shards",
  group: "Run",
  subcommands: [
    {
      name: "plan",
      summary: "print the cells with their expected cost, and how they divide into shards",
      details:
        "All hosts are meant unless --host names some. The cost of a cell is the median of the " +
        "newest runs, or without any a share of its deadline.",
      arguments: [SCENARIO_ARGUMENT],
      options: [
        ...SELECTION_OPTIONS,
        ...SHARD_OPTION,
        {
          name: "shards",
          argument: "N",
          type: "number",
          description: "divide into N shards, or as many as the cells fill",
          since: "0.1.0",
        },
        {
          name: "history",
          argument: "DIR",
          type: "text",
          setting: "runs",
          description: "directory of the runs that tell how long cells take",
          since: "0.1.0",
        },
        { name: "json", description: "print JSON, as --plan reads it", since: "0.1.0" },
      ],
      examples: [
        ["xenloop matrix plan --tags smoke", "what a run on every host comes to"],
        ["xenloop matrix plan --shards 4 --json >plan.json", "a plan for four machines"],
      ],
      since: "0.1.0",
    },
    {
      name: "run",
      summary: "run scenarios on every host, or the part that a shard has to run",
      details:
        "All hosts are meant unless --host names some. Machines that share a matrix need one plan: " +
        "each costs cells by its own history otherwise.",
      arguments: [SCENARIO_ARGUMENT],
      options: [
        ...SELECTION_OPTIONS,
        ...AGAIN_OPTIONS,
        ...SHARD_OPTION,
        {
          name: "plan",
          argument: "FILE",
          type: "text",
          description: "take the cells of the shard from `matrix plan --json`",
          since: "0.1.0",
        },
        ...RUN_OPTIONS,
      ],
      examples: [
        ["xenloop matrix run --tags smoke", "on every host"],
        ["xenloop matrix run --plan plan.json --shard 2/4", "the second machine's part"],
      ],
      since: "0.1.0",
    },
  ],
  since: "0.1.0",
});
