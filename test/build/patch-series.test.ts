import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import t, { type Test } from "tap";
import {
  loadPatches,
  stripOf,
  touchedPaths,
  touchesFolder,
} from "../../harness/build/patch-series.ts";

const DIFF = `diff --git a/src/libxl/libxl_driver.c b/src/libxl/libxl_driver.c
--- a/src/libxl/libxl_driver.c
+++ b/src/libxl/libxl_driver.c
@@ -1,2 +1,2 @@
-old
+new
 same
`;

const mail = (subject: string, body: string, headers = ""): string =>
  `From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: A Developer <dev@example.org>
Date: Sat, 1 Aug 2026 10:00:00 +0000
Subject: ${subject}
${headers}
Some words.
---
${body}-- 
2.39.5

`;

function folder(test: Test) {
  const directory = mkdtempSync(join(tmpdir(), "xenloop-patches-"));
  test.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return (name: string, text: string | Buffer): { path: string; directory: string } => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return { path, directory };
  };
}

t.test("a diff is one patch, called as its file", async (t) => {
  const { path, directory } = folder(t)("fix.patch", DIFF);
  t.same(await loadPatches([path], directory), [{ title: "fix.patch", text: DIFF }]);
});

t.test("an mbox is its mails in their order, without the cover letter", async (t) => {
  const text =
    mail("[PATCH 0/2] a series", "") +
    mail("[PATCH 1/2] libxl: first", DIFF) +
    mail("[PATCH 2/2] libxl:\n second", DIFF);
  const { path, directory } = folder(t)("series.mbox", text);
  const patches = await loadPatches([path], directory);
  t.same(
    patches.map(({ title }) => title),
    ["libxl: first", "libxl: second"],
  );
  t.match(patches[0]?.text, DIFF);
});

t.test("what mail did to a patch is undone", async (t) => {
  const quoted = DIFF.replace("+new", "+n=C3=A9w =3D");
  const headers =
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n";
  const text = mail("libxl: quoted", quoted, headers).replace(/^From .*\n/, "");
  const { path, directory } = folder(t)("one.eml", text.replaceAll("\n", "\r\n"));
  const [patch] = await loadPatches([path], directory);
  t.match(patch?.text, "+néw =\n same\n");
});

t.test("a file may hold the URL of a patch", async (t) => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/fix.patch" ? 200 : 404;
    response.end(DIFF);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const make = folder(t);
  const { path, directory } = make("url", `${url}/fix.patch\n`);
  t.match(await loadPatches([path], directory), [{ text: DIFF }]);
  t.match(await loadPatches([`${url}/fix.patch`], directory), [{ text: DIFF }], "or be one");
  const gone = make("gone", `${url}/gone.patch\n`);
  await t.rejects(loadPatches([gone.path], directory), {
    code: "PATCH_UNREADABLE",
    message: /404/,
  });
});

t.test("a saved thread is its series, in order, without what replies propose", async (t) => {
  const mails = [
    mail("[PATCH v2 0/2] a series", ""),
    mail("[PATCH v2 2/2] libxl: second", DIFF),
    mail("Re: [PATCH v2 2/2] libxl: second", DIFF),
    mail("[PATCH v2 1/2] libxl: first", DIFF),
  ];
  const { path, directory } = folder(t)("t.mbox.gz", gzipSync(mails.join("")));
  const patches = await loadPatches([path], directory);
  t.same(
    patches.map(({ title }) => title),
    ["libxl: first", "libxl: second"],
  );
});

t.test(
  "a mail is one whatever field its server puts first, and its subject does nothing",
  async (t) => {
    const subject = "=?utf-8?q?libxl=3A_a=1B=5B2Jb?=";
    const encoded = mail(
      subject,
      DIFF.replace("+new", "+n=3Dw"),
      "Content-Transfer-Encoding: quoted-printable\n",
    );
    const text = encoded.replace(/^From .*/, "Delivered-To: dev@example.org");
    const { path, directory } = folder(t)("one.eml", text);
    const [patch] = await loadPatches([path], directory);
    t.match(patch, { title: "libxl: ab", text: "+n=w\n" });
  },
);

t.test("what is no patch is said to be none", async (t) => {
  const make = folder(t);
  for (const text of ["", "some words\n", mail("[PATCH 0/1] only a cover", "")]) {
    const { path, directory } = make("not", text);
    await t.rejects(loadPatches([path], directory), { code: "PATCH_UNREADABLE" });
  }
  const { directory } = make("x", "");
  await t.rejects(loadPatches([join(directory, "absent")], directory), {
    code: "PATCH_UNREADABLE",
  });
});

t.test("a diff without a/ and b/ is applied from where it begins", (t) => {
  const bare = DIFF.replaceAll(/ [ab]\//g, " ");
  t.equal(stripOf(DIFF), 1);
  t.equal(stripOf(bare), 0);
  t.same(touchedPaths(bare), touchedPaths(DIFF));
  t.end();
});

t.test("the paths a diff touches", async (t) => {
  const renamed = "diff --git a/src/a.c b/src/b.c\nrename from src/a.c\nrename to src/b.c\n";
  const added = "--- /dev/null\n+++ b/src/new file.c\t2026-01-01\n@@ -0,0 +1 @@\n+x\n";
  t.same(touchedPaths(DIFF + renamed + added), [
    ...["src/a.c", "src/b.c", "src/libxl/libxl_driver.c", "src/new file.c"],
  ]);
});

t.test("whether a diff touches a folder", async (t) => {
  const of = (path: string): string => DIFF.replaceAll("src/libxl/libxl_driver.c", path);
  t.notOk(touchesFolder(DIFF, "tests"));
  t.ok(touchesFolder(of("tests/data/1.xml"), "tests"));
  t.ok(touchesFolder(of("tests/data/1.xml").replaceAll(/ [ab]\//g, " "), "tests"));
  t.notOk(touchesFolder(of("tests.c"), "tests"));
  for (const path of ["/tests/x", "./tests/x"]) {
    t.ok(touchesFolder(`--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-x\n+y\n`, "tests"), path);
  }
  const mode = "diff --git a/tests/data/run b/tests/data/run\nold mode 100644\nnew mode 100755\n";
  t.ok(touchesFolder(mode, "tests"), "where only a mode changes");
  t.ok(touchesFolder(`${DIFF}rename from src/a\nrename to tests/a\n`, "tests"));
});
