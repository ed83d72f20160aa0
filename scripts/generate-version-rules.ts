import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { versionRulesDocument } from "../harness/rules/docs.ts";

await writeFile(join(import.meta.dirname, "../docs/version-rules.md"), versionRulesDocument());
