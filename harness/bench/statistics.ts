/** What several repetitions of one measurement come to; unit as measured. */
export interface Summary {
  n: number;
  median: number;
  min: number;
  max: number;
  /** Half the distance between the quartiles, as a share of the median: 0.1 is ±10 %. */
  spread: number;
  /** In the order measured. */
  values: number[];
}

/** @throws RangeError without values */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("nothing was measured");
  const sorted = [...values].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const halfRange = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
  return {
    n: sorted.length,
    median,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    spread: median === 0 ? 0 : halfRange / Math.abs(median),
    values: [...values],
  };
}

/** Linear between neighbours; `sorted` ascends and is not empty. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}
