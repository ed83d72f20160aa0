import type { RunningMachine } from "../machine/machine.ts";
import type { BootedHost, HostHandle } from "./booted-host.ts";
import type { HostFacts } from "./host-facts.ts";
import type { SshAccess } from "./ssh-access.ts";

/** A host that cells run on, wherever it is and whoever started it: what every backend gives. */
export interface LiveHost {
  /** Another one after `reattach`. */
  host: BootedHost;
  readonly handle: HostHandle;
  readonly facts: HostFacts;
  /** How it came up: booted, as a copy, or it ran already. */
  readonly started: "cold" | "clone" | "found";
  /** Resolves when it can no longer be used, if that is ever seen; never rejects. */
  readonly lost: Promise<{ sentence: string }>;
  /** Its machine, where that is one of ours. */
  readonly machine?: Pick<RunningMachine, "qmp">;
  /** The newest lines of its console; none where nobody reads it. */
  consoleLines(count: number): string[];
  /** Asks a host that came to a stall where it is; the answers are files in `directory`. */
  interrogate(directory: string): Promise<void>;
  /** Opens it for people. */
  openSsh(keyDirectory: string): Promise<SshAccess>;
  /** Takes the host back after another process used it. */
  reattach(): Promise<BootedHost>;
  /** The cell is over: a host of the cell's own ends, one that lasts is left alone. */
  stop(): Promise<void>;
}
