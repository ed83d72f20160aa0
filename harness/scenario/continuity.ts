import { ReportReader } from "../guest/report.ts";

/** What a guest's counter says of a move, read across both hosts' consoles. */
export interface Continuity {
  /** First value that the new host shows; undefined when it shows none. */
  first: number | undefined;
  /** Values that should be there and are not. */
  lost: number[];
  /** Values that came again: the guest started anew or ran twice. */
  repeated: number[];
  /** Ticks at which the guest's memory was not as it had left it. */
  damaged: number[];
  /** Ticks after the move at which it was. */
  verified: number;
  /** How long the guest stood still by its own clock: its longest tick less its usual one. */
  downtimeMs: number | undefined;
}

/** Lines may be cut between the two consoles: the ring they come from moves with the guest. */
export function continuity(before: string, after: string): Continuity {
  const whole = reader(before + after);
  const earlier = reader(before);
  const values = whole.ticks.map(({ value }) => value);
  const [start = 0] = values;
  const expected = values.length === 0 ? [] : range(start, Math.max(...values));
  const present = new Set(values);
  const crossing = whole.ticks[earlier.ticks.length];
  return {
    first: crossing?.value,
    lost: expected.filter((value) => !present.has(value)),
    repeated: values.filter((value, index) => values.indexOf(value) !== index),
    damaged: whole.memory.damaged,
    verified: whole.memory.ok.length - earlier.memory.ok.length,
    downtimeMs: downtime(whole, earlier.ticks.length),
  };
}

function reader(text: string): ReportReader {
  const made = new ReportReader();
  made.push(text);
  return made;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/**
 * The guest may write some lines on the new host that it had made on the old one, so the pause
 * is looked for around the crossing and not at it alone.
 */
function downtime({ ticks }: ReportReader, crossing: number): number | undefined {
  const gaps = ticks.slice(1).map(({ uptime }, index) => uptime - (ticks[index]?.uptime ?? 0));
  const near = gaps.slice(Math.max(0, crossing - 2), crossing + 1).filter(Number.isFinite);
  if (near.length === 0 || crossing >= ticks.length) return undefined;
  const sorted = [...gaps].sort((a, b) => a - b);
  const usual = sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
  return Math.max(0, Math.round((Math.max(...near) - usual) * 1000));
}
