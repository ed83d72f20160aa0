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
        const trends = result.history?.trends ?? [];
        // The drawing library takes a second to load: only those who have a past pay for it.
        const curves =
          trends.length > 0 ? (await import("../html/trends.ts")).trendsPart(trends) : undefined;
        const page = htmlPage(result, { page: dirname(path), run: runDir }, curves);
        await writeReport(path, page);
      },
    };
  },
} satisfies ReporterDefinition;
