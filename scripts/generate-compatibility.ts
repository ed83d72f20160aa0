import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import type { RunResult } from "../harness/events/result.ts";
import { compatibilityDocument, formatsCells } from "../reports/compatibility.ts";

/**
 * `npx tsx scripts/generate-compatibility.ts [RUN…]` writes docs/compatibility.md, and the cells
 * it is made of, from runs of `./xenloop matrix run disk-formats`; the newest run unless told.
 */
const docs = join(import.meta.dirname, "../docs");
const runs = process.argv.length > 2 ? process.argv.slice(2) : ["runs/latest"];
const results = await Promise.all(
  runs.map(async (run) => {
    const text = await readFile(join(resolve(run), "result.json"), "utf8");
    return JSON.parse(text) as RunResult;
  }),
);
const cells = formatsCells(results);
const texts = { json: JSON.stringify(cells), md: compatibilityDocument(cells) };
for (const [suffix, text] of Object.entries(texts)) {
  const filepath = join(docs, `compatibility.${suffix}`);
  const style = await resolveConfig(filepath);
  await writeFile(filepath, await format(text, { ...style, filepath }));
}
