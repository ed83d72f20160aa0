/** What `virsh domjobinfo` says once. */
export interface JobInfo {
  /** `None`, `Unbounded`, …; `gone` when the domain is not there, else `refused`. */
  type: string;
  /** Milliseconds since the job began; 0 without one. */
  elapsedMs: number;
  /** libvirt's own words when it refused. */
  error?: string;
}

const ANSWERS = /Job type: +(?<type>\S+)|Time elapsed: +(?<ms>\d+) +ms|error: (?<error>[^\n]*)/g;
const GONE = /failed to get domain|Domain not found|domain is not running/i;

/** Reads what virsh prints, errors too, when it is asked for `domjobinfo` any number of times. */
export function readJobInfos(text: string): JobInfo[] {
  const seen: JobInfo[] = [];
  for (const { groups = {} } of text.matchAll(ANSWERS)) {
    const { type, ms, error } = groups;
    const last = seen.at(-1);
    if (type !== undefined) seen.push({ type, elapsedMs: 0 });
    else if (ms !== undefined && last) last.elapsedMs = Number(ms);
    else if (error !== undefined) {
      seen.push({ type: GONE.test(error) ? "gone" : "refused", elapsedMs: 0, error });
    }
  }
  return seen;
}

/**
 * What is wrong with the answers that a monitor got while a guest migrated away and once
 * afterwards: nothing when the job was seen without a break, its time went forwards, and at last
 * the domain was gone or had no job.
 */
export function jobFaults(seen: readonly JobInfo[]): string[] {
  const faults: string[] = [];
  const running = seen.filter(({ type }) => type === "Unbounded");
  if (running.length === 0) faults.push("no answer shows the job");
  for (const [index, { elapsedMs }] of running.entries()) {
    const before = running[index - 1]?.elapsedMs ?? 0;
    if (elapsedMs < before) faults.push(`its time goes back from ${before} to ${elapsedMs} ms`);
  }
  const [first, ...later] = running;
  if (first && later.length > 0 && later.every(({ elapsedMs }) => elapsedMs === first.elapsedMs)) {
    faults.push(`its time stands still at ${first.elapsedMs} ms`);
  }
  const types = seen.map(({ type }) => type);
  const whole = types.slice(types.indexOf("Unbounded"), types.lastIndexOf("Unbounded"));
  const gap = whole.find((type) => type === "None" || type === "gone");
  if (gap !== undefined) faults.push(`an answer in between is ${gap}`);
  const last = types.at(-1);
  if (last === "Unbounded") faults.push("the last answer still shows the job");
  for (const { type, error } of seen) {
    if (!["None", "Unbounded", "gone"].includes(type)) {
      faults.push(`an answer is ${type}${error === undefined ? "" : `: ${error}`}`);
    }
  }
  return faults;
}
