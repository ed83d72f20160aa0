import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { addToHistory, readHistory } from "../../harness/history/history-file.ts";
import { record } from "./fixtures/record.ts";

t.test("a missing file is an empty history", async (t) => {
  t.strictSame(await readHistory(join(t.testdir(), "history.jsonl")), []);
});

t.test("what is added is read back in the order of the runs, once", async (t) => {
  const path = join(t.testdir(), "deep/history.jsonl");
  t.equal(await addToHistory(path, [record(2), record(1)]), 2);
  t.equal(await addToHistory(path, [record(1), record(3), record(3)]), 1);
  t.equal(await addToHistory(path, [record(1, { cell: "hvm[debian-12]" })]), 1);
  const read = await readHistory(path);
  t.strictSame(
    read.map(({ run }) => run),
    ["night-1", "night-1", "night-2", "night-3"],
  );
  t.strictSame(read[2], record(2));
});

t.test("the file only grows", async (t) => {
  const path = join(t.testdir(), "history.jsonl");
  await addToHistory(path, [record(1)]);
  const before = readFileSync(path, "utf8");
  await addToHistory(path, [record(2)]);
  t.ok(readFileSync(path, "utf8").startsWith(before));
});

t.test("a line that a crash cut off costs that line only", async (t) => {
  const path = join(t.testdir(), "history.jsonl");
  await addToHistory(path, [record(1)]);
  appendFileSync(path, '{"v":1,"run":"ni');
  await addToHistory(path, [record(2)]);
  t.strictSame(
    (await readHistory(path)).map(({ run }) => run),
    ["night-1", "night-2"],
  );
});

t.test("lines of a newer version, of another kind or with odd values are left out", async (t) => {
  const path = join(t.testdir(), "history.jsonl");
  const odd = [{ ...record(1), v: 2 }, { ...record(2), status: "<b>" }, null, 7, { v: 1 }];
  appendFileSync(path, odd.map((line) => `${JSON.stringify(line)}\n`).join(""));
  t.strictSame(await readHistory(path), []);
});

t.test("many runs that end at once are all remembered", async (t) => {
  const path = join(t.testdir(), "history.jsonl");
  await Promise.all([1, 2, 3, 4, 5].map((night) => addToHistory(path, [record(night)])));
  t.equal((await readHistory(path)).length, 5);
  t.notOk(existsSync(`${path}.lock`), "the lock is gone");
});

t.test("a directory in its place is named", async (t) => {
  const path = t.testdir();
  await t.rejects(readHistory(path), { code: "HISTORY_UNREADABLE" });
  await t.rejects(addToHistory(path, [record(1)]), { code: "HISTORY_UNREADABLE" });
});
