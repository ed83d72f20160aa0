import type { KnownIssue, ReproducerMeta } from "../spec/known-issue.ts";
import type { ScenarioBody, ScenarioDefinition } from "./define.ts";

type Described = Omit<KnownIssue, "reproducer" | "cannotRun">;

/** What a file says of an issue: how to see it, or why that cannot be done here. */
export type KnownIssueOptions = Described &
  (
    | { reproducer: ReproducerMeta & { body: ScenarioBody }; cannotRun?: never }
    | { cannotRun: string; reproducer?: never }
  );

/** With a reproducer it is a scenario as well, run as any other. */
export interface KnownIssueDefinition extends Partial<ScenarioDefinition> {
  issue: KnownIssue;
}

/** Declares a known issue; the file's name begins with its id in small letters. */
export function knownIssue(options: KnownIssueOptions): KnownIssueDefinition {
  if (options.reproducer === undefined) return { issue: options };
  const { body, ...reproducer } = options.reproducer;
  const { deadline, needs = {} } = reproducer;
  const title = `${options.id} does not happen: ${options.title}`;
  return {
    issue: { ...options, reproducer },
    meta: { title, tags: ["known-issue"], needs, deadline, axes: {} },
    body,
  };
}
