import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

export type TestKind = "unit" | "integration";

export interface TestFile {
  /** Relative to the project. */
  path: string;
  kind: TestKind;
}

const INTEGRATION = /^test\/integration\//;

/** Every test/**\/*.test.ts of the project; those in test/integration/ start machines. */
export async function findTestFiles(root: string): Promise<TestFile[]> {
  const names = await readdir(join(root, "test"), { recursive: true });
  return names
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => testFile(join("test", name)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files a user names, relative to where the user is. */
export function namedTestFiles(words: readonly string[], cwd: string, root: string): TestFile[] {
  return words.map((word) => testFile(relative(root, resolve(cwd, word))));
}

function testFile(path: string): TestFile {
  return { path, kind: INTEGRATION.test(path) ? "integration" : "unit" };
}
