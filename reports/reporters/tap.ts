import { writeReport } from "../report-file.ts";
import type { ReporterDefinition } from "../reporter.ts";

export default {
  name: "tap",
  summary: "TAP version 14: one test point a cell, at the end of the run",
  takesPath: "optional",
  create({ path, stdout }) {
    return {
      printsToTerminal: path === undefined,
      onEvent() {},
      async finish(result) {
        const { tapDocument } = await import("../tap/document.ts");
        const text = tapDocument(result);
        if (path === undefined) stdout.write(text);
        else await writeReport(path, text);
      },
    };
  },
} satisfies ReporterDefinition;
