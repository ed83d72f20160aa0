import type { Dom0Settings } from "./host-spec.ts";

export const GUEST_TYPES = ["pv", "pvh", "hvm"] as const;
export type GuestType = (typeof GUEST_TYPES)[number];

/** What a scenario needs of the hosts it runs on; a cell that lacks it is skipped with the reason. */
export interface ScenarioNeeds {
  /** Number of hosts; 1 unless told. */
  hosts?: number;
  guestTypes?: GuestType[];
  /**
   * The only one of them that a cell needs, by its value of an axis, such as
   * `{ mode: { pv: "pv", hvm: "hvm" } }`; a cell with another value needs them all.
   */
  guestTypeOf?: Record<string, Record<string, GuestType>>;
  /** Version ranges such as `>=4.17` or `>=4.14 <4.20`. */
  xen?: string;
  libvirt?: string;
  /** Debian packages of dom0 that not every host has. */
  packages?: string[];
  /** A Debian with systemd as a guest, which not every host's image has. */
  debianGuest?: boolean;
}

export type Dom0Overrides = Partial<Omit<Dom0Settings, "xenOptions">>;

/** What a cell is expected to come to, written before it is run. */
export interface PredictedOutcome {
  /** In the words in which the scenario says what it observed. */
  outcome: string;
  /** What documents or sources promise, where live hosts showed `outcome` instead. */
  promised?: string;
  /** Values of axes, and version ranges, for which it holds; for all unless told. */
  axes?: Record<string, string>;
  xen?: string;
  libvirt?: string;
}

/** The part of a scenario that can be read without running it. */
export interface ScenarioMeta {
  /** File name without `.ts`. */
  id: string;
  title: string;
  tags: string[];
  needs: ScenarioNeeds;
  /** Seconds for the body alone on a machine of factor 1; scaled by the measured factor. */
  deadline: number;
  /** Axes the matrix is multiplied by, e.g. `{ format: ["raw", "qcow2"] }`. */
  axes: Record<string, string[]>;
  /**
   * Settings that values of the axis `dom0` stand for. Such a cell's host is booted with them
   * instead of cloned; a value that is not here leaves the host as its file says.
   */
  dom0?: Record<string, Dom0Overrides>;

  /** Of those that hold for a cell the last counts. */
  predicted?: PredictedOutcome[];
}
