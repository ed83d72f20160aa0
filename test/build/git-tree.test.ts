import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { runTool } from "../../harness/base/process.ts";
import {
  archiveRevision,
  formatPatches,
  mergedDiff,
  resolveRevision,
  workTreeDiff,
} from "../../harness/build/git-tree.ts";

async function checkout(t: Test) {
  const directory = mkdtempSync(join(tmpdir(), "xenloop-checkout-"));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const tree = join(directory, "tree");
  mkdirSync(tree);
  const who = ["-c", "user.name=dev", "-c", "user.email=dev@example.org"];
  const git = (...words: string[]) => runTool(["git", ...who, "-C", tree, ...words]);
  const write = (name: string, text: string): void => writeFileSync(join(tree, name), text);
  await git("init", "-q");
  write("a.c", "one\n");
  write(".gitignore", "*.o\n");
  await git("add", "-A");
  await git("commit", "-q", "-m", "first");
  return { directory, tree, git, write };
}

t.test("a commit is packed as it was, whatever the working tree holds", async (t) => {
  const { directory, tree, write } = await checkout(t);
  const { commit } = await resolveRevision(tree, "HEAD");
  write("a.c", "changed\n");
  const folder = join(directory, "staged");
  mkdirSync(folder);
  await archiveRevision(tree, commit, folder);
  t.same(await readdir(folder), ["0000.tar"]);
  const { stdout } = await runTool(["tar", "-xOf", join(folder, "0000.tar"), "a.c"]);
  t.equal(stdout, "one");
});

t.test("the difference of a working tree has new files, and leaves the index alone", async (t) => {
  const { directory, tree, git, write } = await checkout(t);
  const { commit } = await resolveRevision(tree, "HEAD");
  t.equal(await workTreeDiff(tree, commit, join(directory, "scratch-1")), "");
  write("a.c", "two\n");
  write("new.c", "new\n");
  write("made.o", "ignored\n");
  const diff = await workTreeDiff(tree, commit, join(directory, "scratch-2"));
  t.match(diff, /^-one\n\+two$/m);
  t.match(diff, /^\+\+\+ b\/new\.c$/m);
  t.notMatch(diff, /made\.o/);
  t.equal((await git("diff", "--cached")).stdout, "");
  t.match((await git("status", "--porcelain")).stdout, /^\?\? new\.c$/m);
});

t.test("the commits after a base come as mails, oldest first", async (t) => {
  const { directory, tree, git, write } = await checkout(t);
  for (const text of ["two", "three"]) {
    write("a.c", `${text}\n`);
    await git("commit", "-q", "-a", "-m", text);
  }
  const mails = await formatPatches(tree, "HEAD~2", join(directory, "mails"));
  const subjects = await Promise.all(
    mails.map(async (mail) => /^Subject: (.*)$/m.exec(await readFile(mail, "utf8"))?.[1]),
  );
  t.same(subjects, ["[PATCH 1/2] two", "[PATCH 2/2] three"]);
});

t.test("what the user's git makes of diffs for people changes no patch", async (t) => {
  const { directory, tree, git, write } = await checkout(t);
  for (const [name, value] of Object.entries({
    "diff.noprefix": "true",
    "diff.external": "false",
    "color.ui": "always",
    "format.attach": "part",
    "format.coverLetter": "true",
    "format.useAutoBase": "true",
  })) {
    await git("config", name, value);
  }
  write("a.c", "two\n");
  await git("commit", "-q", "-a", "-m", "two");
  write("a.c", "three\n");
  const mails = await formatPatches(tree, "HEAD~1", join(directory, "mails"));
  t.equal(mails.length, 1);
  const diff =
    /^diff --git a\/a\.c b\/a\.c\nindex .*\n--- a\/a\.c\n\+\+\+ b\/a\.c\n@@ -1 \+1 @@\n-\w+\n\+\w+$/m;
  t.match(await readFile(mails[0]!, "utf8"), diff);
  t.match(await workTreeDiff(tree, "HEAD", join(directory, "scratch")), diff);
});

t.test("with a merge among them, the commits after a base are one diff", async (t) => {
  const { tree, git, write } = await checkout(t);
  t.equal(await mergedDiff(tree, "HEAD"), undefined);
  await git("tag", "start");
  write("a.c", "ours\n");
  await git("commit", "-q", "-a", "-m", "ours");
  await git("checkout", "-q", "-b", "side", "start");
  write("a.c", "theirs\n");
  await git("commit", "-q", "-a", "-m", "theirs");
  await git("merge", "-q", "-s", "ours", "--no-edit", "-");
  const merged = await mergedDiff(tree, "start");
  t.match(merged, { commits: 2, text: /^-one\n\+theirs\n$/m });
});

t.test("a commit that changes nothing is no patch", async (t) => {
  const { directory, tree, git } = await checkout(t);
  await git("commit", "-q", "--allow-empty", "-m", "empty");
  t.same(await formatPatches(tree, "HEAD~1", join(directory, "mails")), []);
});

t.test(
  "a commit that is not there is the user's mistake, also one that looks like an option",
  async (t) => {
    const { tree } = await checkout(t);
    for (const revision of ["no-such", "--upload-pack=true"]) {
      await t.rejects(resolveRevision(tree, revision), { code: "SOURCE_UNUSABLE" });
    }
  },
);
