import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { SETTINGS } from "../../harness/config/settings.ts";
import { GLOBAL_OPTIONS } from "../../harness/cli/global-options.ts";
import { loadCommand, loadCommandSpecs } from "../../harness/cli/registry.ts";
import { runsByItself, type OptionSpec } from "../../harness/cli/table.ts";
import { ROOT, xenloop } from "./run-xenloop.ts";

t.test("docs/cli.md is what the table says", async (t) => {
  const { exitCode, stderr } = await xenloop(["docs", "--check"]);
  t.equal(exitCode, 0, stderr);
  const text = await readFile(join(ROOT, "docs/cli.md"), "utf8");
  for (const variable of Object.values(SETTINGS).flatMap(({ env }) => env ?? [])) {
    if (["XENLOOP_MIRROR", "XENLOOP_STORE_BUDGET"].includes(variable)) continue;
    t.match(text, `$${variable}`);
  }
});

t.test("every command of the table has its file, and no flag means two things", async (t) => {
  for (const spec of await loadCommandSpecs()) {
    const leaves = [...(runsByItself(spec) ? [spec] : []), ...(spec.subcommands ?? [])];
    for (const leaf of leaves) {
      const path = leaf === spec ? [spec.name] : [spec.name, leaf.name];
      t.type((await loadCommand(path)).run, "function", path.join(" "));
      const rows: readonly OptionSpec[] = [...(leaf.options ?? []), ...GLOBAL_OPTIONS];
      const flags = rows.flatMap(({ name, short }) =>
        short === undefined ? [name] : [name, short],
      );
      t.equal(new Set([...flags, "h", "V"]).size, flags.length + 2, `flags of ${path.join(" ")}`);
    }
  }
});
