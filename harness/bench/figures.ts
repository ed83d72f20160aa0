import { summarize, type Summary } from "./statistics.ts";

export type Unit = "ms" | "MiB";

/** Names of all that is measured, with what they mean and their unit. */
export const FIGURES = {
  resume: ["saved state loaded to processors running", "ms"],
  clone_running: ["nothing to a running clone", "ms"],
  clone_attached: ["nothing to a clone whose channel answers", "ms"],
  clone_identity: ["then: a clone given its identity", "ms"],
  clone_virsh: ["nothing to the first `virsh version` of a clone that has its identity", "ms"],
  clone_health: ["health check of a clone, its own `virsh version` the first", "ms"],
  clone_ready: ["nothing to a clone with identity and all checks passed", "ms"],
  clone_command: ["nothing to another clone's first command", "ms"],
  channel_true: ["`true` over the channel", "ms"],
  channel_virsh: ["`virsh version` over the channel", "ms"],
  ssh_true: ["`true` over ssh, connection already open", "ms"],
  private_1: ["private memory of one idle clone", "MiB"],
  private_4: ["private memory of each of 4 idle clones", "MiB"],
  private_8: ["private memory of each of 8 idle clones", "MiB"],
  shared_1: ["memory one idle clone shares with its template", "MiB"],
  shared_4: ["memory each of 4 idle clones shares", "MiB"],
  shared_8: ["memory each of 8 idle clones shares", "MiB"],
  pss_8: ["share of each of 8 clones in all memory they take", "MiB"],
  pair_cloned: ["nothing to two clones with identity and all checks passed", "ms"],
  pair_joined: ["nothing to a pair whose libvirts answer each other", "ms"],
  lean_virsh: ["lean boot to the first `virsh version`", "ms"],
  untuned_virsh: ["the distribution's own boot to the first `virsh version`", "ms"],
  vagrant_virsh: [
    "`vagrant up` of a box with the distribution's own boot to the first `virsh version`",
    "ms",
  ],
  vagrant_lean_virsh: [
    "`vagrant up` of our box, which is lean, to the first `virsh version`",
    "ms",
  ],
  template: ["template made: boot, freeze, checksums", "ms"],
  scenarios_cold: ["smoke scenarios, a boot each", "ms"],
  scenarios_warm: ["smoke scenarios, a clone each", "ms"],
} as const satisfies Record<string, readonly [meaning: string, unit: Unit]>;

export type FigureName = keyof typeof FIGURES;

/** Collects values by name. */
export class Figures {
  readonly #values = new Map<FigureName, number[]>();

  add(name: FigureName, value: number): void {
    const values = this.#values.get(name) ?? [];
    values.push(value);
    this.#values.set(name, values);
  }

  /** In the order of the table; what was not measured is not there. */
  summaries(): Partial<Record<FigureName, Summary>> {
    const names = (Object.keys(FIGURES) as FigureName[]).filter((name) => this.#values.has(name));
    return Object.fromEntries(names.map((name) => [name, summarize(this.#values.get(name)!)]));
  }
}
