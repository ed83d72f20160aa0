import { writeReport } from "../report-file.ts";
import type { ReporterDefinition } from "../reporter.ts";

const DEFAULT_PATH = "result.json";

export default {
  name: "json",
  summary: "the whole result, versioned",
  takesPath: "optional",
  defaultPath: DEFAULT_PATH,
  create({ path = DEFAULT_PATH }) {
    return {
      printsToTerminal: false,
      onEvent() {},
      finish: (result) => writeReport(path, `${JSON.stringify(result, null, 2)}\n`),
    };
  },
} satisfies ReporterDefinition;
