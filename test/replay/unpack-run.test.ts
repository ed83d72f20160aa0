import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { unpackRun } from "../../harness/replay/unpack-run.ts";
import { zipOf } from "./fixtures/zip-file.ts";

t.test("events and inputs come out, evidence stays", async (t) => {
  const dir = t.testdir();
  const archive = join(dir, "a.zip");
  const members = ["r/events.jsonl", "r/inputs/debian-12.lock.json", "r/cells/x/serial.log"];
  writeFileSync(archive, zipOf(members.map((name) => ({ name, content: name }))));
  await unpackRun(archive, join(dir, "out"));
  t.equal(readFileSync(join(dir, "out/r/events.jsonl"), "utf8"), "r/events.jsonl");
  t.ok(existsSync(join(dir, "out/r/inputs/debian-12.lock.json")));
  t.strictSame(readdirSync(join(dir, "out/r")).sort(), ["events.jsonl", "inputs"]);
});

for (const name of [
  "../events.jsonl",
  "/etc/events.jsonl",
  "a/../../events.jsonl",
  "a\\b/events.jsonl",
]) {
  t.test(`refused: ${name.replaceAll("\\", "/")}`, async (t) => {
    const dir = t.testdir({ in: {} });
    const archive = join(dir, "in/a.zip");
    writeFileSync(archive, zipOf([{ name, content: "x" }]));
    await t.rejects(unpackRun(archive, join(dir, "in/out")), { code: "REPLAY_UNREADABLE" });
    t.strictSame(readdirSync(dir), ["in"]);
  });
}

t.test("more than anybody's events are refused before they are unpacked", async (t) => {
  const dir = t.testdir();
  const archive = join(dir, "a.zip");
  writeFileSync(archive, zipOf([{ name: "events.jsonl", content: "x", claimed: 2 ** 31 }]));
  await t.rejects(unpackRun(archive, join(dir, "out")), { message: /larger than 512 MiB/ });
});
