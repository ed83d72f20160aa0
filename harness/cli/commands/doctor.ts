import { styleText } from "node:util";
import { exitCode } from "../../events/exit-code.ts";
import type { CliContext } from "../context.ts";
import { ACCEL_CHECKS } from "../doctor/accel-checks.ts";
import { BUILD_CHECKS } from "../doctor/build-checks.ts";
import type { Check, CheckResult, CheckStatus } from "../doctor/check.ts";
import { MACHINE_CHECKS } from "../doctor/machine-checks.ts";
import { PACKAGE_CHECKS, ROOTLESS_CHECKS } from "../doctor/package-checks.ts";
import { VAGRANT_CHECKS } from "../doctor/vagrant-checks.ts";
import { isRoot } from "../../base/root.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./doctor.command.ts";

const MARKS: Record<CheckStatus, readonly [mark: string, color: "green" | "yellow" | "red"]> = {
  ok: ["✔", "green"],
  warn: ["!", "yellow"],
  fail: ["✖", "red"],
};

export async function run(ctx: CliContext, options: OptionsOf<typeof spec>): Promise<number> {
  const checks: readonly Check[] = [
    ...MACHINE_CHECKS,
    ...ACCEL_CHECKS,
    ...PACKAGE_CHECKS,
    ...(isRoot() ? [] : ROOTLESS_CHECKS),
    ...BUILD_CHECKS,
    ...VAGRANT_CHECKS,
  ];
  const width = Math.max(...checks.map(({ title }) => title.length));
  const results: (CheckResult & { id: string; title: string })[] = [];
  for (const check of checks) {
    const result = await check.run(ctx);
    results.push({ id: check.id, title: check.title, ...result });
    if (!options.json) ctx.stdout.write(render(check.title.padEnd(width), result, ctx.color));
  }
  const failed = results.filter(({ status }) => status === "fail").length;
  const code = exitCode(failed === 0 ? "passed" : "error");
  if (options.json) {
    const report = { version: 1, runnable: failed === 0, checks: results };
    ctx.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const verdict = failed === 0 ? "Scenarios can run here." : `${failed} to repair first.`;
    ctx.stdout.write(`\n${verdict}\n`);
  }
  return code;
}

function render(title: string, { status, detail, fix }: CheckResult, color: boolean): string {
  const [mark, hue] = MARKS[status];
  const indent = " ".repeat(title.length + 4);
  const text = detail.replaceAll("\n", `\n${indent}`);
  const line = `${color ? styleText(hue, mark) : mark} ${title}  ${text}\n`;
  return fix === undefined ? line : `${line}${indent}→ ${fix}\n`;
}
