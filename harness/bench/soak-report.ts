import type { Drift } from "./drift.ts";
import type { Accel } from "../machine/cpu-profile.ts";
import type { Summary } from "./statistics.ts";

/** What `bench soak --json` prints. */
export interface SoakReport {
  version: 1;
  host: string;
  accel: Accel;
  asked: number;
  right: number;
  /** Clones in which a PV guest reported. */
  guests: number;
  parallel: number;
  seconds: number;
  /** Clones that were not right, counted from 1. */
  wrong: { clone: number; reason: string }[];
  drift: Drift[];
  /** Milliseconds from nothing to the answer of `virsh list`; absent when no clone answered. */
  answer?: Summary;
}

export function isRight({ asked, right, drift }: SoakReport): boolean {
  return right === asked && drift.every(({ kept }) => kept);
}
