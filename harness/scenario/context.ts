import type { ScenarioHost } from "./scenario-host.ts";
import type { Wire } from "./wire.ts";

/** What a scenario's body is given besides `t`. */
export interface ScenarioContext {
  /** The first, and mostly the only, host. */
  host: ScenarioHost;
  hosts: readonly ScenarioHost[];
  /** What joins the hosts of a pair; cutting it in a scenario with one host is a mistake. */
  wire: Wire;
  /** Values of the axes for this cell, e.g. `{ format: "qcow2" }`. */
  axes: Readonly<Record<string, string>>;
  /** Aborts when the cell's deadline passes or the run is interrupted. */
  signal: AbortSignal;
  /** Records a figure or version in the result, e.g. `guest_type`. */
  fact(name: string, value: string): void;
  /** Records what the cell came to, and asserts that it was predicted. */
  observe(outcome: string): void;
  /** Names what happens next; shown live and timed in the result. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Ends the scenario as skipped. */
  skip(reason: string): never;
  /** Keeps a text beside the cell's evidence. */
  attach(name: string, content: string): Promise<void>;
}
