import { SCENARIO_ARGUMENT, SELECTION_OPTIONS } from "../selection.ts";
import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "list",
  summary: "list scenarios, hosts and tags",
  details: "Exits 3 when nothing is selected. The JSON has a version; fields are only ever added.",
  group: "Look",
  arguments: [SCENARIO_ARGUMENT],
  options: [...SELECTION_OPTIONS, { name: "json", description: "print JSON", since: "0.1.0" }],
  since: "0.1.0",
});
