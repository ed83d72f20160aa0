import type { ErrorKind } from "../base/error.ts";
import type { HostHandle } from "../host/booted-host.ts";
import type { MachineAction } from "../machine/machine-control.ts";
import type { VersionPair } from "../rules/answer.ts";

/** What the process of a scenario is told once its hosts are there, as JSON on standard input. */
export interface ChildJob {
  title: string;
  handles: HostHandle[];
  /** `virt_caps` of each host. */
  virtCaps: string[];
  /** Of each host, where the plan did not know them. */
  versions: (VersionPair | undefined)[];
  axes: Record<string, string>;
  /** Of the first host, as it states them. */
  runsOn: VersionPair;
  /** Guests stay when the scenario is over. */
  keepsGuests: boolean;
  /** Where `attach` puts its texts. */
  evidenceDirectory: string;
  /** For joining the host's channel. */
  attachTimeoutMs: number;
}

/** What a scenario's process says besides its TAP: JSON lines on file descriptor 3. */
export type ChildMessage =
  | { type: "step-started"; name: string }
  | { type: "step-ended"; name: string; ms: number }
  | { type: "fact"; name: string; value: string }
  | { type: "attached"; path: string }
  /** The runner holds the monitors of the machines; it answers with a `MachineAnswer`. */
  | { type: "machine"; id: number; hostname: string; action: MachineAction }
  | { type: "skipped"; reason: string }
  | { type: "thrown"; kind: ErrorKind | "bug"; message: string; code?: string; stack: string }
  /** The body is over and its guests are gone: the process ended because it was done. */
  | { type: "finished" };

/** File descriptor of the messages in the child. */
export const MESSAGE_FD = 3;

/** Whether what was asked of a machine was done: a JSON line on file descriptor 4. */
export interface MachineAnswer {
  id: number;
  error?: string;
}

/** File descriptor of the answers in the child. */
export const ANSWER_FD = 4;
