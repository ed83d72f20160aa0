/** What can be measured, in the order it is; `--only` names some. */
export const BENCH_PARTS = [
  "clone",
  "latency",
  "memory",
  "lean",
  "untuned",
  "template",
  "scenarios",
] as const;

export type BenchPart = (typeof BENCH_PARTS)[number];

export function isBenchPart(word: string): word is BenchPart {
  return (BENCH_PARTS as readonly string[]).includes(word);
}
