import { stringify } from "yaml";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import { isRed } from "../../harness/events/status.ts";
import { excuseOf } from "../compared.ts";
import { plainLine } from "../text.ts";

/** The run as TAP version 14, one test point a cell. */
export function tapDocument({ run, cells, exitCode, reason }: RunResult): string {
  const points = cells.map((cell, index) => testPoint(cell, index + 1)).join("");
  const head = `TAP version 14\n# xenloop run ${run.runId}\n`;
  if (cells.length > 0) return `${head}1..${cells.length}\n${points}`;
  return exitCode === 0 ? `${head}1..0\n` : `${head}Bail out! ${escape(reason)}\n`;
}

function testPoint(cell: CellResult, number: number): string {
  const excuse = excuseOf(cell);
  const ok = !isRed(cell.status) || excuse !== undefined;
  const why = cell.status === "skipped" ? cell.reason : excuse;
  const skip = why === undefined ? "" : ` # SKIP ${escape(why)}`;
  const flaky = cell.status === "flaky" ? `  # ${escape(cell.reason)}\n` : "";
  const time = ok && skip === "" ? ` # time=${cell.ms}ms` : "";
  const diagnostics = ok ? flaky : yamlBlock(diagnosticsOf(cell));
  return `${ok ? "ok" : "not ok"} ${number} - ${escape(cell.id)}${skip}${time}\n${diagnostics}`;
}

function diagnosticsOf(cell: CellResult) {
  const attempt = cell.attempts.at(-1);
  const failed = attempt?.assertions.filter(({ ok }) => !ok) ?? [];
  return {
    message: plainLine(cell.reason, 2000),
    status: cell.status,
    ...(cell.code === undefined ? {} : { code: cell.code }),
    duration_ms: cell.ms,
    attempts: cell.attempts.length,
    failed: failed.map(({ name }) => plainLine(name)),
    console: cell.excerpt.map((line) => plainLine(line)),
    evidence: attempt?.evidence.map(({ path }) => path) ?? [],
  };
}

function yamlBlock(value: unknown): string {
  const lines = stringify(value, { lineWidth: 0 }).trimEnd().split("\n");
  return ["---", ...lines, "..."].map((line) => `  ${line}\n`).join("");
}

/** A `#` would begin a directive. */
function escape(text: string): string {
  return plainLine(text).replace(/[\\#]/g, "\\$&");
}
