import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import type { RunResult } from "../harness/events/result.ts";
import { compatibilityDocument, formatsCells } from "../reports/compatibility.ts";
import { outcomeCells, outcomesDocument } from "../reports/outcomes.ts";

/**
 * `npx tsx scripts/generate-compatibility.ts [RUN…]` writes docs/compatibility.md, docs/one-host.md,
 * and the cells they are made of, from runs of `./xenloop matrix run --tags one-host`; the newest
 * run unless told. Cells that no run has stay as they are.
 */
const docs = join(import.meta.dirname, "../docs");
const runs = process.argv.length > 2 ? process.argv.slice(2) : ["runs/latest"];
const results = await Promise.all(
  runs.map(async (run) => {
    const text = await readFile(join(resolve(run), "result.json"), "utf8");
    return JSON.parse(text) as RunResult;
  }),
);
const formats = await withRecorded("compatibility.json", formatsCells(results));
const outcomes = await withRecorded("one-host.json", outcomeCells(results));
const texts = {
  "compatibility.json": JSON.stringify(formats),
  "compatibility.md": compatibilityDocument(formats),
  "one-host.json": JSON.stringify(outcomes),
  "one-host.md": outcomesDocument(outcomes),
};
for (const [name, text] of Object.entries(texts)) {
  const filepath = join(docs, name);
  const style = await resolveConfig(filepath);
  await writeFile(filepath, await format(text, { ...style, filepath }));
}

/** What an earlier run left of cells that these runs do not have. */
async function withRecorded<T extends { id: string }>(name: string, cells: T[]): Promise<T[]> {
  const text = await readFile(join(docs, name), "utf8").catch(() => "[]");
  const byId = new Map([...(JSON.parse(text) as T[]), ...cells].map((cell) => [cell.id, cell]));
  return [...byId.values()].sort((a, b) => a.id.localeCompare(b.id));
}
