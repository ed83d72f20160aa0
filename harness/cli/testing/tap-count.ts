import { Parser, type Result, type TapError } from "tap-parser";

export interface TapFailure {
  /** Names of the subtests and the assertion, ` > ` between them. */
  name: string;
  /** What tap knows about it: place, difference, stack. */
  detail: Record<string, unknown>;
}

/** What one test file said, counted by leaf assertions: subtests count by what is in them. */
export interface TapCount {
  passed: number;
  failed: number;
  skipped: number;
  failures: TapFailure[];
  /** Why the file is not ok although no leaf failed: a wrong plan, a subtest without leaves. */
  broken?: TapFailure;
}

/** Reads the TAP of one test file. */
export function countTap(text: string): TapCount {
  const count: TapCount = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const unexplained: TapFailure[] = [];
  const root = new Parser({}, (results) => {
    if (results.ok || count.failed > 0) return;
    const [first] = unexplained.length > 0 ? unexplained : results.failures.map(failureOf);
    count.broken = first ?? { name: "the file itself", detail: { problem: "it bails out" } };
  });
  watch(root, count, unexplained);
  root.end(text);
  return count;
}

function watch(parser: Parser, count: TapCount, unexplained: TapFailure[]): void {
  parser.on("child", (child: Parser) => watch(child, count, unexplained));
  parser.on("assert", (result: Result & { closingTestPoint?: boolean }) => {
    if (result.skip || result.todo) {
      count.skipped++;
    } else if (result.closingTestPoint) {
      if (!result.ok) unexplained.push(failureOf(result));
    } else if (result.ok) {
      count.passed++;
    } else {
      count.failed++;
      count.failures.push(failureOf(result));
    }
  });
}

function failureOf(failure: Result | TapError): TapFailure {
  const { fullname, name, diag, tapError } = failure as Partial<Result>;
  const detail = { ...(diag ?? {}), ...(tapError ? { problem: tapError } : {}) };
  return { name: fullname || name || "the file itself", detail };
}
