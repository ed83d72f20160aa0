import { execa } from "execa";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ReportUnwritable } from "../../reports/errors.ts";
import { writeReport } from "../../reports/report-file.ts";

t.test("directories are made and nothing but the report is left", async (t) => {
  const dir = t.testdir();
  const path = join(dir, "a", "b", "report.txt");
  await writeReport(path, "one");
  await writeReport(path, "two");
  t.equal(readFileSync(path, "utf8"), "two");
  t.strictSame(readdirSync(join(dir, "a", "b")), ["report.txt"]);
});

t.test("a link stays a link, and its target gets the report", async (t) => {
  const dir = t.testdir({ "target.txt": "old" });
  const link = join(dir, "link.txt");
  symlinkSync("target.txt", link);
  await writeReport(link, "new");
  t.equal(readlinkSync(link), "target.txt");
  t.equal(readFileSync(join(dir, "target.txt"), "utf8"), "new");
});

t.test("a pipe is written to, not replaced", async (t) => {
  const pipe = join(t.testdir(), "pipe");
  await execa("mkfifo", [pipe]);
  const reader = execa("cat", [pipe]);
  await writeReport(pipe, "through the pipe");
  t.equal((await reader).stdout, "through the pipe");
});

t.test("what cannot be written is named, and leaves the old report alone", async (t) => {
  const dir = t.testdir({ file: "x" });
  mkdirSync(join(dir, "is-a-directory"));
  for (const path of [join(dir, "file", "below"), join(dir, "is-a-directory"), "/dev/full"]) {
    await t.rejects(writeReport(path, "report"), ReportUnwritable);
  }
  t.strictSame(readdirSync(dir).sort(), ["file", "is-a-directory"]);
});
