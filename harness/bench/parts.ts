/** With what a fresh host is compared when `--compare` names it; each needs more than a run does. */
export const COMPARED = ["vagrant"] as const;

/** What can be measured, in the order it is; `--only` names some. */
export const BENCH_PARTS = [
  "clone",
  "latency",
  "memory",
  "pair",
  "lean",
  "untuned",
  "template",
  "scenarios",
] as const;

export type BenchPart = (typeof BENCH_PARTS)[number] | (typeof COMPARED)[number];

export function isBenchPart(word: string): word is BenchPart {
  return (BENCH_PARTS as readonly string[]).includes(word);
}
