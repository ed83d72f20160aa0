import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { AGENT, compileLibrary } from "./compile-library.ts";

const COPIES = join(import.meta.dirname, "fixtures/copies.py");

t.test("a program that is linked already runs as one that is started", async (t) => {
  const folder = t.testdir({});
  const library = await compileLibrary(folder);
  const { stdout } = await runTool(["python3", "-BES", COPIES, AGENT, library, folder], {
    timeoutMs: 60_000,
  });
  const copied = (word: string) => [`zero an argument ${word} none PARENT PID`, "input", "7"];
  t.same(stdout.trim().split("\n"), [
    "not copied",
    ...copied("first"),
    ...copied("second"),
    ...["not copied", "not copied", "not copied"],
    ...copied("third"),
    // Its file is another one.
    ...["not copied", "gone"],
  ]);
});
