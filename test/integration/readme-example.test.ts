/** Costs one PV boot on a clone, half a minute under emulation; a template more when there is none. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { REPO_ROOT } from "../../harness/base/repo-paths.ts";
import type { RunResult } from "../../harness/events/result.ts";

t.setTimeout(0);
t.test("the README's scenario is what it says: 20 lines, and it passes", async (t) => {
  const readme = readFileSync(join(REPO_ROOT, "README.md"), "utf8");
  const [, code = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  t.ok(code.trim().split("\n").length <= 20, "it has at most 20 lines");

  // Its import is relative to a folder of the checkout, such as scenarios/.
  const folder = mkdtempSync(join(REPO_ROOT, ".readme-example-"));
  const out = mkdtempSync(join(tmpdir(), "xenloop-readme-"));
  t.teardown(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(out, { recursive: true, force: true });
  });
  const file = join(folder, "pv-memory.ts");
  writeFileSync(file, code);
  const argv = [join(REPO_ROOT, "xenloop"), "run", file, "--out", out, "--reporter", "line"];
  const { exitCode, stdout, stderr } = await runTool(argv, {
    acceptExitCodes: [0, 1, 2, 3, 4, 64],
    timeoutMs: 1_200_000,
  });
  if (exitCode !== 0) t.comment(`${stdout}\n${stderr}`);
  t.equal(exitCode, 0, "it passes");
  const result = JSON.parse(readFileSync(join(out, "latest/result.json"), "utf8")) as RunResult;
  t.same(
    result.cells.map(({ id, status }) => [id, status]),
    [["pv-memory[debian-12]", "passed"]],
  );
});
