import t from "tap";
import { firstError, refusedHunk } from "../../harness/build/first-error.ts";

t.test("the compiler's first error is named, not the build system's word for it", async (t) => {
  const said = `[1/3] Compiling C object src/libvirt_driver_libxl_impl.a.p/libxl_libxl_driver.c.o
FAILED: src/libvirt_driver_libxl_impl.a.p/libxl_libxl_driver.c.o
cc -Isrc -c ../src/src/libxl/libxl_driver.c
../src/src/libxl/libxl_driver.c: In function ‘libxlDomainSetMemoryFlags’:
../src/src/libxl/libxl_driver.c:100:5: warning: unused variable ‘x’ [-Wunused-variable]
../src/src/libxl/libxl_driver.c:1670:13: error: expected ‘;’ before ‘goto’
../src/src/libxl/libxl_driver.c:1700:1: error: expected declaration
ninja: build stopped: subcommand failed.
`;
  const error = "src/libxl/libxl_driver.c:1670:13: error: expected ‘;’ before ‘goto’";
  t.equal(firstError(said), error);
});

t.test("the linker's, meson's and ninja's errors are known too", async (t) => {
  const cases: [string, RegExp][] = [
    [
      "/usr/bin/ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `g'\n",
      /reference to `g'/,
    ],
    ['src/meson.build:12:0: ERROR: Unknown function "foo".\n', /meson\.build:12:0: ERROR: Unknown/],
    ["../src/src/meson.build:12:0: ERROR: Problem\n", /^src\/meson\.build:12:0: ERROR: Problem$/],
    ["ninja: error: loading 'build.ninja': No such file\n", /^ninja: error/],
  ];
  for (const [said, expected] of cases) t.match(firstError(said), expected);
  t.equal(firstError("all is well\n"), undefined);
});

t.test("the hunk that does not apply is named", async (t) => {
  const failed = `patching file src/a.c
patching file src/b.c
Hunk #1 succeeded at 12 (offset 2 lines).
Hunk #2 FAILED at 34.
1 out of 2 hunks FAILED
`;
  t.equal(refusedHunk(failed), "hunk 2 of src/b.c fails at line 34");
  const reversed = `patching file src/a.c
Reversed (or previously applied) patch detected!  Skipping patch.
1 out of 1 hunk ignored
`;
  t.equal(refusedHunk(reversed), "src/a.c has it already");
  const lost = `can't find file to patch at input line 5
Perhaps you used the wrong -p or --strip option?
The text leading up to this was:
--------------------------
|diff --git a/src/gone.c b/src/gone.c
|--- a/src/gone.c
|+++ b/src/gone.c
--------------------------
No file to patch.  Skipping patch.
`;
  t.equal(refusedHunk(lost), "there is no src/gone.c");
  t.equal(refusedHunk(lost.replaceAll(/ [ab]\/src\//g, " ")), "there is no gone.c");
});

t.test("what patch leaves out is said in its words", (t) => {
  for (const [said, expected] of [
    ["File a.png: git binary diffs are not supported.\n", /^File a\.png: git binary diffs are not/],
    [
      "Ignoring potentially dangerous file name ../x\ncan't find file\n",
      /dangerous file name \.\.\/x/,
    ],
    [
      "File sub is not a regular file -- refusing to patch\n1 out of 1 hunk ignored\n",
      /^File sub is/,
    ],
    ["patching file a\npatch: **** malformed patch at line 9: 50\n", /^malformed patch at line 9/],
    ["", /no reason/],
  ] as const) {
    t.match(refusedHunk(said), expected);
  }
  t.end();
});

t.test("what a build prints costs no more time than it is long, and does nothing", (t) => {
  const started = performance.now();
  for (const part of ["a", "a:", "/ld: ", ":1", "undefined reference to "]) {
    firstError(part.repeat(2e6 / part.length));
  }
  t.ok(performance.now() - started < 10_000, `it took ${performance.now() - started} ms`);
  t.equal(
    firstError("a.c:1:2: error: \u001b]0;own title\u0007\u001b[2Jx\u009b1m\n"),
    "a.c:1:2: error: ;own titlex",
  );
  t.end();
});
