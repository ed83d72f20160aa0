import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "docs",
  summary: "write docs/cli.md from the option table",
  group: "Project",
  options: [
    { name: "check", description: "write nothing; exit 1 when the file is stale", since: "0.1.0" },
  ],
  since: "0.1.0",
});
