import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { logFrom, logSize } from "../../harness/build/build-log.ts";

t.test("a log is read from a byte on", async (t) => {
  const log = join(t.testdir({ log: "‘one’\n" }), "log");
  const from = await logSize(log);
  writeFileSync(log, "two\n", { flag: "a" });
  t.equal(await logFrom(log, from), "two\n");
  t.equal(await logFrom(log), "‘one’\ntwo\n");
  t.equal(await logFrom(`${log}.absent`), "");
});

t.test("a log that is longer than a string may be is read as far as that goes", async (t) => {
  const log = join(t.testdir({ log: "first\n" }), "log");
  truncateSync(log, 2 ** 30);
  const said = await logFrom(log);
  t.ok(said.startsWith("first\n"));
  t.ok(said.length < 2 ** 28);
});
