import type { Test } from "tap";
import type { ScenarioMeta } from "../spec/scenario-meta.ts";
import type { ScenarioContext } from "./context.ts";

/** What a scenario says of itself; all but title and deadline is empty unless told. */
export type ScenarioOptions = Pick<ScenarioMeta, "title" | "deadline"> &
  Partial<Pick<ScenarioMeta, "tags" | "needs" | "axes" | "dom0" | "predicted">>;

/** `t` is tap's: assertions, subtests, `t.teardown`. */
export type ScenarioBody = (t: Test, context: ScenarioContext) => Promise<void>;

export interface ScenarioDefinition {
  meta: Omit<ScenarioMeta, "id">;
  body: ScenarioBody;
}

/** Declares a scenario; `deadline` is in seconds for the body, on a machine of factor 1. */
export function scenario(options: ScenarioOptions, body: ScenarioBody): ScenarioDefinition {
  return { meta: { tags: [], needs: {}, axes: {}, ...options }, body };
}
