import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { knownIssuesDocument } from "../harness/known/docs.ts";
import { OBSERVATIONS, readObservations } from "../harness/known/observations.ts";
import { loadKnownIssues } from "../harness/known/registry.ts";

const issues = (await loadKnownIssues()).map(({ issue }) => issue);
const text = knownIssuesDocument(issues, await readObservations(OBSERVATIONS));
await writeFile(join(import.meta.dirname, "../docs/known-issues.md"), text);
