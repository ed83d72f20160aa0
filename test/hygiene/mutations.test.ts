import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { discoverScenarios } from "../../harness/plan/scenario-registry.ts";
import { ROOT } from "../cli/run-xenloop.ts";

const MUTATIONS = join(ROOT, "test/fixtures/mutations");
const IMPORTED = /^import (\w+) from "\.\.\/\.\.\/\.\.\/scenarios\/([\w-]+)\.ts";$/gm;

/** The scenarios that a file turns red. */
function mutatedIn(text: string): string[] {
  return [...text.matchAll(IMPORTED)]
    .filter(([, name]) => text.includes(`\n    scenario: ${name},\n`))
    .map(([, , id = ""]) => id);
}

t.test("every scenario of one host is shown to be able to fail", async (t) => {
  const texts = readdirSync(MUTATIONS).map((file) => readFileSync(join(MUTATIONS, file), "utf8"));
  const mutated = new Set(texts.flatMap(mutatedIn));
  const scenarios = await discoverScenarios({ root: ROOT });
  const ofOneHost = scenarios.filter(({ meta }) => meta.tags.includes("one-host"));
  t.ok(ofOneHost.length > 0, "there are some");
  const never = ofOneHost.map(({ meta }) => meta.id).filter((id) => !mutated.has(id));
  t.strictSame(never, [], "a mutation turns each of them red");
});
