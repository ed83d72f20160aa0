import { readdir, stat } from "node:fs/promises";
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
  return (await testsIn(join(root, "test"))).map((path) => testFile(path, root));
}

/** The files a user names, and those in the folders, relative to where the user is. */
export async function namedTestFiles(
  words: readonly string[],
  cwd: string,
  root: string,
): Promise<TestFile[]> {
  const paths = words.map(async (word) => {
    const path = resolve(cwd, word);
    return (await stat(path)).isDirectory() ? testsIn(path) : [path];
  });
  return (await Promise.all(paths)).flat().map((path) => testFile(path, root));
}

async function testsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => join(folder, name));
}

function testFile(file: string, root: string): TestFile {
  const path = relative(root, file);
  return { path, kind: INTEGRATION.test(path) ? "integration" : "unit" };
}
