import shared, { type Builder, type TestCase, type TestSuite } from "junit-report-builder";
import type {
  AttemptResult,
  CellResult,
  RunHeader,
  RunResult,
} from "../../harness/events/result.ts";
import { excuseOf, isUndecided } from "../compared.ts";
import { propertiesOf } from "./properties.ts";
import { cdataText, xmlText } from "./text.ts";

/**
 * The run as JUnit XML: one suite a host, one test case a cell. Failed and timed out
 * cells are failures, errors and interrupted ones are errors; so is what fails with the checked
 * patch where nothing was seen without it. What fails without the patch too is skipped, with the
 * reason in its properties: such a failure is not the patch's.
 */
export function junitXml(result: RunResult): string {
  // The export is one builder shared by the whole process. Its types call it `default`,
  // which it is not when a CommonJS module is imported.
  const document = (shared as unknown as Builder).newBuilder();
  for (const [host, cells] of byHost(result.cells)) {
    const suite = document.testSuite();
    suite.name(xmlText(host));
    // A string, because the package writes a Date as local time without a zone.
    suite.timestamp(result.run.startedAt);
    suite.time(seconds(cells.reduce((sum, cell) => sum + cell.ms, 0)));
    for (const cell of cells) addCase(suite, cell, result.run);
  }
  return `${document.build()}\n`;
}

function addCase(suite: TestSuite, cell: CellResult, run: RunHeader): void {
  const testCase = suite.testCase();
  testCase.name(xmlText(cell.id));
  testCase.className(xmlText(`xenloop.${cell.host}`));
  testCase.time(seconds(cell.ms));
  for (const [name, value] of propertiesOf(cell, run)) {
    testCase.property(xmlText(name), xmlText(value));
  }
  addOutcome(testCase, cell);
  const output = outputOf(cell);
  if (output !== "") testCase.standardOutput(output);
}

function addOutcome(testCase: TestCase, cell: CellResult): void {
  if (excuseOf(cell) !== undefined) {
    testCase.skipped();
    return;
  }
  const message = xmlText(cell.reason);
  const type = xmlText(cell.code ?? cell.status);
  const details = cdataText(failedAssertions(cell.attempts.at(-1)) || cell.reason);
  switch (cell.status) {
    case "failed":
    case "timedout":
      if (isUndecided(cell)) testCase.error(message, type, details);
      else testCase.failure(message, type).stacktrace(details);
      break;
    case "error":
    case "interrupted":
      testCase.error(message, type, details);
      break;
    case "skipped":
      testCase.skipped();
      break;
    case "flaky":
    case "passed":
  }
}

function failedAssertions(attempt: AttemptResult | undefined): string {
  const failed = attempt?.assertions.filter(({ ok }) => !ok) ?? [];
  return failed.map(({ name, detail = "" }) => `not ok: ${name}\n${detail}`.trimEnd()).join("\n");
}

function outputOf({ attempts, excerpt, comments }: CellResult): string {
  const earlier = attempts
    .slice(0, -1)
    .flatMap((each) => [
      `attempt ${each.attempt}: ${each.status}: ${each.reason}`,
      ...each.excerpt,
    ]);
  const last = earlier.length > 0 ? [`attempt ${attempts.length}:`, ...excerpt] : excerpt;
  return cdataText([...earlier, ...last, ...comments.map((text) => `# ${text}`)].join("\n"));
}

function byHost(cells: readonly CellResult[]): Map<string, CellResult[]> {
  const hosts = new Map<string, CellResult[]>();
  for (const cell of cells) hosts.set(cell.host, [...(hosts.get(cell.host) ?? []), cell]);
  return hosts;
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
