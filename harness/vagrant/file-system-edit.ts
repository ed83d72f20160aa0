import { readdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { runTool } from "../base/process.ts";
import { ImageBuildFailed } from "../image/errors.ts";

/** One change of a file system; paths are absolute in it. */
export type Edit =
  | { kind: "file"; path: string; source: string; mode?: string }
  | { kind: "link"; path: string; target: string }
  | { kind: "remove"; path: string };

/** What is there or gone already is as it should be. */
const HARMLESS = /^(debugfs \d|rm: File not found|$)/;
const EDIT_TIMEOUT_MS = 120_000;

/**
 * Changes files of an ext2 image in place, as nobody in particular and without mounting it.
 * @param device path of the image; `?offset=BYTES` behind it where it is a partition of a disk
 * @param script file to put debugfs's commands in
 */
export async function editFileSystem(
  device: string,
  edits: readonly Edit[],
  script: string,
): Promise<void> {
  const missing: string[] = [];
  for (const folder of foldersOf(edits)) {
    // Making one that is there loses an inode.
    const { stdout } = await debugfs(["-R", `stat ${folder}`, device]);
    if (!stdout.startsWith("Inode:")) missing.push(folder);
  }
  const lines = [...missing.map((path) => `mkdir ${path}`), ...edits.flatMap(commands)];
  await writeFile(script, `${lines.join("\n")}\n`);
  const { stderr } = await debugfs(["-w", "-f", script, device]);
  const wrong = stderr.split("\n").filter((line) => !HARMLESS.test(line));
  if (wrong.length > 0) {
    throw new ImageBuildFailed("the disk's files", wrong.slice(0, 3).join("; "));
  }
  await runTool(["e2fsck", "-f", "-n", device], { timeoutMs: EDIT_TIMEOUT_MS });
}

function debugfs(words: readonly string[]): ReturnType<typeof runTool> {
  return runTool(["debugfs", ...words], { timeoutMs: EDIT_TIMEOUT_MS });
}

function commands(edit: Edit): string[] {
  const { path } = edit;
  const gone = `rm ${path}`;
  if (edit.kind === "remove") return [gone];
  if (edit.kind === "link") return [gone, `symlink ${path} ${edit.target}`];
  const mode = edit.mode === undefined ? [] : [`set_inode_field ${path} mode 0100${edit.mode}`];
  return [gone, `write ${edit.source} ${path}`, ...mode];
}

function foldersOf(edits: readonly Edit[]): string[] {
  const paths = edits.flatMap((edit) => (edit.kind === "remove" ? [] : above(edit.path)));
  return [...new Set(paths)].sort();
}

/** `/a`, `/a/b` of `/a/b/c`. */
function above(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

/** Every file below a folder, at the same place in the file system. */
export async function filesBelow(folder: string, mode: (path: string) => string): Promise<Edit[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const source = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, source)}`;
      return { kind: "file" as const, path, source, mode: mode(path) };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
