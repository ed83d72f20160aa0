import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { versionRulesDocument } from "../../harness/rules/docs.ts";
import { STATEMENTS } from "../../harness/rules/statements/index.ts";

const path = join(import.meta.dirname, "../../docs/version-rules.md");

t.test("docs/version-rules.md is what the data say", async (t) => {
  const text = await readFile(path, "utf8");
  t.equal(text, versionRulesDocument(), "run: npx tsx scripts/generate-version-rules.ts");
});

t.test("every statement has its section, every table row its columns", async (t) => {
  const text = versionRulesDocument();
  for (const { id } of STATEMENTS) t.match(text, `\n### ${id}: `);
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const columns = new Set(rows.map((row) => row.split(/(?<!\\)\|/).length));
  t.same([...columns].sort(), [5, 7], "three columns, five for the releases");
  t.notMatch(text, /[^\\]<[a-z]+>/, "no XML tag is left to be taken for HTML");
});
