import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "config",
  summary: "look at the configuration",
  group: "Look",
  subcommands: [
    {
      name: "show",
      summary: "print every setting with its value and where that comes from",
      options: [{ name: "json", description: "print JSON", since: "0.1.0" }],
      since: "0.1.0",
    },
    {
      name: "schema",
      summary: "print the JSON Schema of xenloop.config.yaml, for editors",
      examples: [
        ["xenloop config schema > xenloop.schema.json", "then, on the file's first line,"],
        ["# yaml-language-server: $schema=xenloop.schema.json", "ties the two together"],
      ],
      since: "0.1.0",
    },
  ],
  since: "0.1.0",
});
