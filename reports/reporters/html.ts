import { dirname } from "node:path";
import { writeReport } from "../report-file.ts";
import type { ReporterDefinition } from "../reporter.ts";

const DEFAULT_PATH = "report.html";

export default {
  name: "html",
  summary: "one self-contained page: matrix, failures, timelines, consoles",
  takesPath: "optional",
  defaultPath: DEFAULT_PATH,
  create({ path = DEFAULT_PATH, runDir }) {
    return {
      printsToTerminal: false,
      onEvent() {},
      async finish(result) {
        const { htmlPage } = await import("../html/page.ts");
        await writeReport(path, htmlPage(result, { page: dirname(path), run: runDir }));
      },
    };
  },
} satisfies ReporterDefinition;
