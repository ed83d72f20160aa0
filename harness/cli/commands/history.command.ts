import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "history",
  summary: "say since when a cell is red, and how often it is flaky",
  details:
    "Every run adds a line a cell to history.jsonl beside the runs, which outlives them. With a " +
    "CELL, tells its first bad and its last good run with what they were made of, and what changed " +
    "in between: packages, commits, the scenario. Flakes are runs in which a retry passed, or " +
    "that differ from others of the same commit, lock and scenario. Exits 3 when nothing is known.",
  group: "Look",
  arguments: [{ name: "CELL", description: "id of a cell, or a part of it; all unless told" }],
  options: [
    {
      name: "out",
      argument: "DIR",
      type: "text",
      setting: "runs",
      description: "directory of runs with their history.jsonl",
      since: "0.1.0",
    },
    {
      name: "add",
      argument: "PATH",
      type: "list",
      description:
        "first add what is not there yet: another history.jsonl, a run, or a directory of runs",
      since: "0.1.0",
    },
    { name: "json", description: "print JSON", since: "0.1.0" },
  ],
  examples: [
    ["xenloop history", "every cell, the red ones first"],
    ["xenloop history 'pv-boot[debian-12]'", "one cell, run by run"],
    ["xenloop history --add shards", "shards and other machines' runs"],
  ],
  since: "0.1.0",
});
