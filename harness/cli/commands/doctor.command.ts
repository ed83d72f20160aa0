import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "doctor",
  summary: "check what this machine has and lacks, with the fix for each",
  details: "Exits 0 when scenarios can run here, warnings or not, and 2 when they cannot.",
  group: "Look",
  options: [{ name: "json", description: "print JSON", since: "0.1.0" }],
  since: "0.1.0",
});
