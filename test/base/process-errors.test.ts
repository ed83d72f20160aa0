import t from "tap";
import { describeExit, lastLines, quoteArgv } from "../../harness/base/process-errors.ts";
import { runTool } from "../../harness/base/process.ts";

t.test("a quoted command line is read back by a shell as it was", async (t) => {
  const argv = ["printf", "%s|", "plain", "two words", "it's", "$HOME `x` \\", "", "a,b=c", "*"];
  const { stdout } = await runTool(["sh", "-c", quoteArgv(argv)]);
  t.equal(
    stdout,
    argv
      .slice(2)
      .map((word) => `${word}|`)
      .join(""),
  );
  t.equal(quoteArgv(["qemu", "-m", "16", "/a/b-c.img"]), "qemu -m 16 /a/b-c.img");
});

t.test("an exit in words", async (t) => {
  t.equal(describeExit({ code: 1, signal: undefined }), "exits with status 1");
  t.equal(describeExit({ code: undefined, signal: "SIGKILL" }), "is killed by SIGKILL");
  t.equal(describeExit({ code: undefined, signal: undefined }), "cannot be started");
});

t.test("last lines leave blank ones out", async (t) => {
  t.same(lastLines("a\n\n  \nb  \nc\n", 2), ["b", "c"]);
  t.same(lastLines(""), []);
});
