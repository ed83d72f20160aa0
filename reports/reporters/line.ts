import type { ReporterDefinition } from "../reporter.ts";
import { createPlainLines } from "../terminal/plain-lines.ts";

export default {
  name: "line",
  summary: "one line for each event of interest",
  takesPath: "none",
  create: createPlainLines,
} satisfies ReporterDefinition;
