import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import type { RunResult } from "../harness/events/result.ts";
import { combinations } from "../harness/plan/plan.ts";
import { discoverScenarios } from "../harness/plan/scenario-registry.ts";
import { migrationCells, migrationDocument, type MigrationCell } from "../reports/migration.ts";

/**
 * `npx tsx scripts/generate-migration.ts RUN…` adds the cells of runs of
 * `./xenloop matrix run --tags migration` to docs/migration.json and writes docs/migration.md.
 */
const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
const kept = await readJson<MigrationCell[]>(join(docs, "migration.json"));
const results = await Promise.all(
  process.argv.slice(2).map((run) => readJson<RunResult>(join(resolve(run), "result.json"))),
);
const cells = migrationCells(kept, results);
const planned = (await discoverScenarios({ root })).flatMap(({ meta }) =>
  combinations(meta.axes).map((axes) => ({ scenario: meta.id, axes })),
);
const texts = { json: JSON.stringify(cells), md: migrationDocument(cells, planned) };
for (const [suffix, text] of Object.entries(texts)) {
  const filepath = join(docs, `migration.${suffix}`);
  const style = await resolveConfig(filepath);
  await writeFile(filepath, await format(text, { ...style, filepath }));
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8")) as T;
}
