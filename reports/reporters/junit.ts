import { writeReport } from "../report-file.ts";
import type { ReporterDefinition } from "../reporter.ts";

const DEFAULT_PATH = "junit.xml";

export default {
  name: "junit",
  summary: "JUnit XML: one suite a host, one test case a cell",
  takesPath: "optional",
  defaultPath: DEFAULT_PATH,
  create({ path = DEFAULT_PATH }) {
    return {
      printsToTerminal: false,
      onEvent() {},
      async finish(result) {
        // The XML builder takes a quarter of a second to load: only now.
        const { junitXml } = await import("../junit/document.ts");
        await writeReport(path, junitXml(result));
      },
    };
  },
} satisfies ReporterDefinition;
