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
    {
      name: "publish",
      summary: "say on GitHub what a run found: one comment and one check",
      details:
        "Where, is read from the environment of a GitHub job, with GITHUB_TOKEN; never from the " +
        "run, which a fork's code may have written. The comment is written once and then anew in " +
        "place; a pull request that moved on is left to its newer run. What the token may not do " +
        "goes to the job's summary, and is said.",
      arguments: [
        {
          name: "DIR",
          description: "directory of a run, or one that holds one up to three levels below",
          required: true,
        },
      ],
      options: [
        {
          name: "name",
          argument: "NAME",
          type: "text",
          default: "xenloop",
          description: "of the check; comments of different names live side by side",
          since: "0.1.0",
        },
        {
          name: "artifact",
          argument: "NAME",
          type: "text",
          description: "artifact of the workflow's run that holds the run, for replays",
          since: "0.1.0",
        },
        {
          name: "dry-run",
          description: "print the comment, ask GitHub nothing",
          since: "0.1.0",
        },
      ],
      examples: [
        ["xenloop report publish run --artifact run", "in a workflow"],
        ["xenloop report publish runs/latest --dry-run", "what would be said of the last run"],
      ],
      since: "0.1.0",
    },
  ],
  since: "0.1.0",
});
