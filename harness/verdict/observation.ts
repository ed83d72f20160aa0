import type { ErrorKind, Failure } from "../base/error.ts";

/** What was seen of one attempt at a cell, before anybody judges it. */
export interface Observation {
  /** The run was interrupted. */
  interrupted: boolean;
  /** The host never came up, or died: nothing is known of the scenario. */
  hostFailure?: Failure;
  /** The body ran past its deadline. */
  late?: { seconds: number; during: string };
  /** What the body threw. */
  thrown?: { kind: ErrorKind | "bug"; message: string; code?: string };
  skipped?: string;
  /** How the child ended, when it did not end by itself with all results given. */
  childDeath?: string;
  assertions: { ok: boolean; name: string; detail?: string }[];
}
