import { execa } from "execa";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { withZip } from "../../harness/base/zip.ts";
import { zipOf } from "../replay/fixtures/zip-file.ts";

const texts = (path: string) =>
  withZip(path, async (members) => {
    const read = members.map(async ({ name, read }) => [name, (await read()).toString()]);
    return Object.fromEntries(await Promise.all(read)) as Record<string, string>;
  });

t.test("members, packed and stored, behind a comment", async (t) => {
  const path = join(t.testdir(), "a.zip");
  const long = "line\n".repeat(100_000);
  const members = [
    { name: "run/events.jsonl", content: long },
    { name: "é.txt", content: "stored", stored: true },
    { name: "empty", content: "" },
  ];
  writeFileSync(path, zipOf(members, "made by hand"));
  t.strictSame(await texts(path), { "run/events.jsonl": long, "é.txt": "stored", empty: "" });
});

t.test("what another program packs", async (t) => {
  const dir = t.testdir({ "a.txt": "one", sub: { "b.txt": "two".repeat(1000) } });
  const zip = await execa("python3", ["-m", "zipfile", "-c", "out.zip", "a.txt", "sub"], {
    cwd: dir,
    reject: false,
  });
  if (zip.exitCode !== 0) {
    t.comment("skipped: python3 is not here");
    return;
  }
  t.match(await texts(join(dir, "out.zip")), { "a.txt": "one", "sub/b.txt": "two".repeat(1000) });
});

t.test("what is no archive, or a damaged one", async (t) => {
  const dir = t.testdir({ text: "not a zip", empty: "" });
  for (const file of ["text", "empty"]) {
    await t.rejects(texts(join(dir, file)), /it is not a zip archive/);
  }
  const good = zipOf([{ name: "a", content: "x".repeat(1000) }]);
  const path = join(dir, "bad.zip");
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = bad[at]! ^ 0xff;
    writeFileSync(path, bad);
    const seen = await texts(path).catch((error: unknown) => {
      t.ok(error instanceof Error);
      return undefined;
    });
    if (seen?.["a"] !== undefined) t.equal(seen["a"], "x".repeat(1000), `byte ${at}`);
  }
  writeFileSync(path, good.subarray(0, good.length - 30));
  await t.rejects(texts(path));
  t.ok(readFileSync(path).length > 0);
});

t.test("a member that unpacks to more than it says is stopped", async (t) => {
  const path = join(t.testdir(), "bomb.zip");
  writeFileSync(path, zipOf([{ name: "bomb", content: "0".repeat(10_000_000), claimed: 100 }]));
  await t.rejects(texts(path), { code: "ERR_BUFFER_TOO_LARGE" });
});
