import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "../../events/exit-code.ts";
import type { CliContext } from "../context.ts";
import { renderManual } from "../manual.ts";
import { loadCommandSpecs } from "../registry.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./docs.command.ts";

export async function run(ctx: CliContext, options: OptionsOf<typeof spec>): Promise<number> {
  const path = join(ctx.root, "docs/cli.md");
  const { format, resolveConfig } = await import("prettier");
  const style = await resolveConfig(path);
  const text = await format(renderManual(await loadCommandSpecs()), { ...style, filepath: path });
  const present = await readFile(path, "utf8").catch(() => "");
  if (present === text) {
    ctx.stdout.write("docs/cli.md says what the table says.\n");
    return exitCode("passed");
  }
  if (options.check) {
    ctx.stderr.write("docs/cli.md is stale.\n  → ./xenloop docs\n");
    return exitCode("failed");
  }
  await writeFile(path, text);
  ctx.stdout.write("docs/cli.md is written.\n");
  return exitCode("passed");
}
