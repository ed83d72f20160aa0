import type { AttemptStatus } from "../events/status.ts";
import type { Observation } from "./observation.ts";

export interface Verdict {
  status: AttemptStatus;
  /** One sentence naming layer and cause; empty when passed. */
  reason: string;
  code?: string;
  /** The next command to type, or the edit to make, when the error knows it. */
  hint?: string;
}

/**
 * The status of an attempt. What is below the scenario is looked at first: a host
 * that died is an error, however many assertions failed in its fall.
 */
export function judge(seen: Observation): Verdict {
  if (seen.interrupted) return { status: "interrupted", reason: "the run was interrupted" };
  if (seen.hostFailure) {
    const { message, ...rest } = seen.hostFailure;
    return { status: "error", reason: message, ...rest };
  }
  if (seen.late) {
    const { seconds, during } = seen.late;
    return {
      status: "timedout",
      reason: `the scenario does not end within its deadline of ${seconds.toFixed(0)} s; it was at: ${during}`,
      code: "DEADLINE",
    };
  }
  if (seen.skipped !== undefined) return { status: "skipped", reason: seen.skipped };
  if (seen.thrown && seen.thrown.kind !== "assertion") {
    const layer = seen.thrown.kind === "bug" ? "the scenario's code throws: " : "";
    return withCode("error", layer + seen.thrown.message, seen.thrown.code);
  }
  if (seen.thrown) return withCode("failed", seen.thrown.message, seen.thrown.code);
  const wrong = seen.assertions.filter((assertion) => !assertion.ok);
  const [first] = wrong;
  if (first) {
    const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : "";
    const detail = first.detail === undefined ? "" : `: ${first.detail}`;
    return {
      status: "failed",
      reason: `scenario: "${first.name}" does not hold${detail}${more}`,
      code: "ASSERTION",
    };
  }
  if (seen.childDeath !== undefined) {
    return {
      status: "error",
      reason: `the scenario's process ${seen.childDeath}`,
      code: "CHILD_DIED",
    };
  }
  if (seen.assertions.length === 0) {
    return { status: "failed", reason: "the scenario asserts nothing", code: "NO_ASSERTIONS" };
  }
  return { status: "passed", reason: "" };
}

function withCode(status: AttemptStatus, reason: string, code: string | undefined): Verdict {
  return { status, reason, ...(code !== undefined && { code }) };
}
