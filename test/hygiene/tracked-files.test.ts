import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { extname, join } from "node:path";
import { execa } from "execa";
import t from "tap";

const repo = join(import.meta.dirname, "../..");
const CODE = new Set([".ts", ".js", ".mjs", ".sh", ".yml", ".yaml"]);
const BINARY = new Set([".png", ".gz", ".xz", ".qcow2", ".ico"]);

/** Texts of the files that are tracked, or would be after `git add .`. */
async function trackedFiles(): Promise<Map<string, string>> {
  const listed = await execa(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    { cwd: repo },
  );
  const paths = listed.stdout.split("\0").filter((path) => path && !BINARY.has(extname(path)));
  const texts = await Promise.all(paths.map(async (path) => [path, await textOf(path)] as const));
  return new Map(texts.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(join(repo, path), "utf8");
  } catch (error) {
    // Deleted but not yet staged, or a link to a folder.
    if (["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

/** Names that mean something on this machine only: its registry, its folders. */
async function namesOfThisMachine(): Promise<string[]> {
  const { stdout } = await execa("npm", ["config", "get", "registry"], { cwd: repo });
  const registry = new URL(stdout.trim().split("\n").at(-1) ?? "").host;
  const names = [repo];
  if (registry !== "registry.npmjs.org") names.push(registry);
  // Root's home is the same everywhere, dom0 included.
  if (homedir() !== "/root") names.push(homedir());
  return names;
}

function filesWith(files: Map<string, string>, isIn: (text: string, path: string) => boolean) {
  return [...files].filter(([path, text]) => isIn(text, path)).map(([path]) => path);
}

const files = await trackedFiles();

t.test("there are files to look at", async (t) => {
  t.ok(files.has("package.json"));
  t.ok(files.has("test/hygiene/tracked-files.test.ts"));
});

t.test("no code file has more than 400 lines", async (t) => {
  const long = filesWith(
    files,
    (text, path) => CODE.has(extname(path)) && text.trimEnd().split("\n").length > 400,
  );
  t.same(long, []);
});

t.test("nothing names this machine", async (t) => {
  for (const name of await namesOfThisMachine()) {
    t.same(
      filesWith(files, (text) => text.includes(name)),
      [],
      `files with ${name}`,
    );
  }
});

t.test("the lock file names no other registry than npm's", async (t) => {
  const lock = JSON.parse(files.get("package-lock.json") ?? "{}") as {
    packages: Record<string, { resolved?: string }>;
  };
  const elsewhere = Object.entries(lock.packages)
    .filter(([, { resolved }]) => resolved && !resolved.startsWith("https://registry.npmjs.org/"))
    .map(([path]) => path);
  t.same(elsewhere, []);
});

t.test("nothing is left for later", async (t) => {
  const marks = new RegExp(`\\b(?:${["TO", "FIX", "X"].join("|")})(?:DO|ME|XX)\\b`);
  t.same(
    filesWith(files, (text, path) => CODE.has(extname(path)) && marks.test(text)),
    [],
  );
});

t.test("names of files are kebab-case", async (t) => {
  const odd = filesWith(files, (_, path) => CODE.has(extname(path)) && /[A-Z_ ]/.test(path));
  t.same(odd, []);
});
