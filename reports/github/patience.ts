import { setTimeout as sleep } from "node:timers/promises";

/** An answer of GitHub that is no success. */
export interface Answer {
  /** 0 when there was none. */
  status: number;
  headers: Readonly<Record<string, string | number | undefined>>;
  message: string;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  wait(ms: number): Promise<void>;
}

export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  wait: async (ms) => {
    await sleep(ms);
  },
};

/** Without any word of GitHub's, a secondary limit is over after this. */
const SECONDARY_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const ATTEMPTS = 6;

/** Whether GitHub did not even look at the request, because there were too many before. */
export function isLimited({ status, headers, message }: Answer): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers["retry-after"] !== undefined ||
    String(headers["x-ratelimit-remaining"]) === "0" ||
    /rate limit|abuse/i.test(message)
  );
}

/**
 * Milliseconds until it makes sense to ask again; undefined when it never does. What changes
 * something is asked again only when it surely was not done: GitHub answers 502 to work it has done.
 */
export function pauseBefore(
  attempt: number,
  answer: Answer,
  { isRepeatable, now }: { isRepeatable: boolean; now: number },
): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  const backoff = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  if (isLimited(answer)) {
    const after = Number(answer.headers["retry-after"]);
    if (Number.isFinite(after) && after >= 0) return after * 1_000;
    const reset = Number(answer.headers["x-ratelimit-reset"]);
    const isSpent = String(answer.headers["x-ratelimit-remaining"]) === "0";
    if (isSpent && Number.isFinite(reset)) return Math.max(0, reset * 1_000 - now) + 1_000;
    return Math.max(SECONDARY_MS, backoff);
  }
  const isTransient = answer.status === 0 || answer.status >= 500;
  return isTransient && isRepeatable ? backoff : undefined;
}
