import { YES_OPTION } from "../fresh-host-options.ts";
import { defineCommand } from "../table.ts";

export default defineCommand({
  name: "test",
  summary: "run the project's own tests",
  details:
    "Runs tsc, eslint, prettier and knip, then the test files: those of test/integration/ start " +
    "machines and go one at a time. With FILEs, only these run. The last line, `N passed, " +
    "N failed, N skipped`, counts assertions, and each of the four checks as one. " +
    "Exits 1 when something fails, and 3 when there was nothing to run.",
  group: "Project",
  arguments: [
    { name: "FILE", description: "test files, or folders of them; all unless told", many: true },
  ],
  options: [
    { name: "unit", description: "leave test/integration/ out", since: "0.1.0" },
    { name: "integration", description: "only test/integration/", since: "0.1.0" },
    ...YES_OPTION,
  ],
  since: "0.1.0",
});
