import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "known",
  summary: "list, show, check and record the known issues",
  group: "Look",
  subcommands: [
    {
      name: "list",
      summary: "list the known issues",
      options: [
        {
          name: "host",
          argument: "NAME",
          type: "text",
          description: "only those whose versions this host may have",
          since: "0.1.0",
        },
        { name: "json", description: "print JSON", since: "0.1.0" },
      ],
      since: "0.1.0",
    },
    {
      name: "show",
      summary: "show all that is known of one issue",
      arguments: [{ name: "ID", description: "such as K05", required: true }],
      options: [{ name: "json", description: "print JSON", since: "0.1.0" }],
      examples: [["xenloop known show K05", "what it is, where it happens, what mends it"]],
      since: "0.1.0",
    },
    {
      name: "check",
      summary: "hold every fingerprint against the evidence of cells that passed",
      details:
        "A fingerprint that matches a cell that passed explains nothing, and exits with 1. " +
        "Without a RUN all runs of the runs directory are read.",
      arguments: [{ name: "RUN", description: "directory of a run", many: true }],
      options: [
        {
          name: "out",
          argument: "DIR",
          type: "text",
          setting: "runs",
          description: "directory of the runs",
          since: "0.1.0",
        },
      ],
      examples: [["xenloop known check runs/latest", "the last run"]],
      since: "0.1.0",
    },
    {
      name: "record",
      summary: "keep what runs of xenloop repro showed, for docs/known-issues.md",
      arguments: [{ name: "RUN", description: "directory of a run", required: true, many: true }],
      examples: [["xenloop known record runs/latest", "the last run"]],
      since: "0.1.0",
    },
  ],
  since: "0.1.0",
});
