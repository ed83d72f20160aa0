import type { JobInfo } from "./job-info.ts";

/** What OpenStack Nova's live migration monitor makes of one answer. */
export type NovaDecision = "not started" | "running" | "completed" | "failed" | "crashed";

/** What Nova knows besides the answer. */
export interface NovaView {
  /** Whether its call of migrateToURI3 has come back. */
  over: boolean;
  /** Whether the domain is active on the source; asked only when the call is over. */
  active: boolean;
}

/**
 * The table of `_live_migration_monitor`, `find_job_type` and `get_job_info` in Nova 22. A job
 * that is none says nothing, so Nova looks whether its call is over, and then whether the domain
 * still runs on the source. A driver without job information was its undoing before 1.3.1.
 */
export function novaDecides(job: JobInfo, { over, active }: NovaView): NovaDecision {
  switch (job.type) {
    case "None":
      if (!over) return "not started";
      return active ? "failed" : "completed";
    case "Bounded":
    case "Unbounded":
      return "running";
    case "Completed":
    // A transient domain is gone when it has migrated.
    case "gone":
      return "completed";
    case "Failed":
    case "Cancelled":
      return "failed";
    default:
      return "crashed";
  }
}
