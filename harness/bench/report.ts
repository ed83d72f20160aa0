import type { Accel } from "../machine/cpu-profile.ts";
import type { FigureName } from "./figures.ts";
import type { Ratio } from "./ratios.ts";
import type { Summary } from "./statistics.ts";

/** What `bench --json` prints. Times are in milliseconds, memory in MiB. */
export interface BenchReport {
  version: 1;
  host: string;
  accelerator: { accel: Accel; reason?: string; qemu: string; timeFactor: number };
  /** Load is the average of a minute; before and after, because it spoils times. */
  machine: { cores: number; memoryMiB: number; loadBefore: number; loadAfter: number };
  repeat: number;
  seconds: number;
  ratios: Ratio[];
  figures: Partial<Record<FigureName, Summary>>;
}
