import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { AGENT, compileLibrary } from "./compile-library.ts";

const SPAWNS = join(import.meta.dirname, "fixtures/spawns.py");

t.test("a program starts the same way with the library and without it", async (t) => {
  const folder = t.testdir({});
  const library = await compileLibrary(folder);
  const { stdout } = await runTool(["python3", "-BES", SPAWNS, AGENT, library, folder], {
    timeoutMs: 60_000,
  });
  const said = [
    // A session and a group of its own.
    "a word PID PID | input 7",
    "FOLDER 0",
    // The agent, being Python, ignores the signal.
    " -13",
    "own argument 0",
    "127 xenloop-agent: own: No such file or directory",
    "own too 0",
    "126 xenloop-agent: odd: Exec format error",
    "127 xenloop-agent: : No such file or directory",
    "126 xenloop-agent: text: Permission denied",
    "126 xenloop-agent: FOLDER/text: Permission denied",
    "127 xenloop-agent: FOLDER/missing: No such file or directory",
    "125 xenloop-agent: FOLDER/missing: No such file or directory",
    "no child left",
  ];
  t.same(stdout.trim().split("\n"), [...said, ...said, "copied 0"]);
});
