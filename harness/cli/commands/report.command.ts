import { defineCommand } from "../table.ts";
import { REPORTER_OPTION } from "./run.command.ts";

export default defineCommand({
  name: "report",
  summary: "work on the results of runs",
  group: "Publish",
  subcommands: [
    {
      name: "merge",
      summary: "join the runs of shards into one result",
      details:
        "Exits as the whole run would have: 1 where a cell failed. Shards of different locks, " +
        "commits or plans are refused, and so is a cell that comes twice.",
      arguments: [
        {
          name: "DIR",
          description: "directory of a run, or one that holds some up to three levels below",
          required: true,
          many: true,
        },
      ],
      options: [
        {
          name: "out",
          argument: "DIR",
          type: "text",
          description: "new directory for events, reports and evidence",
          since: "0.1.0",
        },
        ...REPORTER_OPTION,
        {
          name: "allow-mixed",
          description: "join shards of different locks, commits or plans, and warn of it",
          since: "0.1.0",
        },
        {
          name: "allow-missing",
          description: "join what is there of N shards, warn of the rest, and exit with 2 at best",
          since: "0.1.0",
        },
      ],
      examples: [["xenloop report merge shards --out merged", "shards/*/… into merged/"]],
      since: "0.1.0",
    },
  ],
  since: "0.1.0",
});
