import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/error.ts";
import { runTool } from "../base/process.ts";
import { SourceUnusable } from "./errors.ts";

const TIMEOUT_MS = 120_000;
const GITLINK = "160000";
/** As `patch` wants a diff, whatever the user's configuration makes of one for people. */
const PLAIN_DIFF = [
  ...["--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"],
  ...["--submodule=short", "--unified=3", "-M"],
];
const PLAIN_MAIL = ["--no-attach", "--no-cover-letter", "--no-base", "--no-signature"];

/** Runs git in a checkout, with nothing in it that a repository could make it run. */
async function git(
  checkout: string,
  words: readonly string[],
  more: { stdoutFile?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
  const argv = ["git", ...safe, "-C", checkout, ...words];
  const env = { GIT_OPTIONAL_LOCKS: "0", ...more.env };
  return (await runTool(argv, { timeoutMs: TIMEOUT_MS, ...more, env })).stdout;
}

/** @throws SourceUnusable when the checkout has no such commit */
export async function resolveRevision(
  checkout: string,
  revision: string,
): Promise<{ commit: string; tree: string }> {
  try {
    const ask = ["rev-parse", "--verify", "--end-of-options"];
    const commit = (await git(checkout, [...ask, `${revision}^{commit}`])).trim();
    const tree = (await git(checkout, [...ask, `${revision}^{tree}`])).trim();
    return { commit, tree };
  } catch (error) {
    if (messageOf(error).includes("dubious ownership")) {
      const hint = `git config --global --add safe.directory ${checkout}`;
      throw new SourceUnusable(
        checkout,
        "it is another user's, and git reads no such",
        hint,
        error,
      );
    }
    throw new SourceUnusable(
      checkout,
      `git finds no commit "${revision}" in it: ${messageOf(error)}`,
      "name a commit, branch or tag with --base REV; a shallow clone may lack it",
      error,
    );
  }
}

/** Those of some paths that a commit does not have. */
export async function missingPaths(
  checkout: string,
  commit: string,
  paths: readonly string[],
): Promise<string[]> {
  const listed = await git(checkout, ["ls-tree", "-z", "--name-only", commit, "--", ...paths]);
  const there = listed.split("\0");
  return paths.filter((path) => !there.includes(path));
}

/** Puts a commit's files into `folder` as tar archives, one a repository: its own, each submodule's. */
export async function archiveRevision(
  checkout: string,
  commit: string,
  folder: string,
): Promise<void> {
  await git(checkout, ["archive", "--format=tar", commit], {
    stdoutFile: join(folder, "0000.tar"),
  });
  const listed = await git(checkout, ["ls-tree", "-r", "-z", commit]);
  const links = listed.split("\0").filter((line) => line.startsWith(GITLINK));
  for (const [index, line] of links.entries()) {
    const [, , sha = ""] = (line.split("\t")[0] ?? "").split(" ");
    const path = line.slice(line.indexOf("\t") + 1);
    const tar = join(folder, `${String(index + 1).padStart(4, "0")}.tar`);
    const words = ["archive", "--format=tar", `--prefix=${path}/`, sha];
    await git(join(checkout, path), words, { stdoutFile: tar }).catch((error: unknown) => {
      throw new SourceUnusable(
        checkout,
        `its submodule ${path} is not there`,
        `git -C ${checkout} submodule update --init`,
        error,
      );
    });
  }
}

/** What was added, changed and removed since a commit and is not committed, as a patch. */
export async function workTreeDiff(
  checkout: string,
  commit: string,
  scratch: string,
): Promise<string> {
  const objects = join(scratch, "objects");
  await mkdir(objects, { recursive: true });
  const own = (
    await git(checkout, ["rev-parse", "--path-format=absolute", "--git-path", "objects"])
  ).trim();
  // An index and a store of its own: the user's are not touched.
  const env = {
    GIT_INDEX_FILE: join(scratch, "index"),
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: own,
  };
  await git(checkout, ["read-tree", commit], { env });
  await git(checkout, ["add", "--all", "."], { env });
  return plainDiff(checkout, ["--cached", "--ignore-submodules"], commit, env);
}

/** With the end of its last line, which `patch` needs; empty where nothing differs. */
async function plainDiff(
  checkout: string,
  how: readonly string[],
  revision: string,
  env: Record<string, string> = {},
): Promise<string> {
  const words = ["diff", ...how, ...PLAIN_DIFF, "--end-of-options", revision];
  const text = await git(checkout, words, { env });
  return text === "" ? "" : `${text}\n`;
}

/** The commits after `base`, oldest first, as mails into a folder; those that change nothing are none. */
export async function formatPatches(
  checkout: string,
  base: string,
  folder: string,
): Promise<string[]> {
  const words = ["format-patch", ...PLAIN_DIFF, ...PLAIN_MAIL, "-o", folder, `${base}..HEAD`];
  const mails = (await git(checkout, words)).split("\n").filter(Boolean);
  const sizes = await Promise.all(mails.map((mail) => stat(mail)));
  return mails.filter((_, at) => sizes[at]?.size !== 0);
}

/**
 * What was committed after `base` as one diff, where merges are among it: how somebody resolved
 * them is in no mail. Undefined without merges.
 */
export async function mergedDiff(
  checkout: string,
  base: string,
): Promise<{ text: string; commits: number } | undefined> {
  const range = `${base}..HEAD`;
  const merge = await git(checkout, ["rev-list", "--merges", "--max-count=1", range]);
  if (merge === "") return undefined;
  const commits = Number(await git(checkout, ["rev-list", "--no-merges", "--count", range]));
  return { text: await plainDiff(checkout, [], `${base}...HEAD`), commits };
}
