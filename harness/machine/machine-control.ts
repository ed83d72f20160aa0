import type { RunningMachine } from "./machine.ts";

/** What may be done to a running machine from outside it. */
export type MachineAction = "freeze" | "thaw" | "unplug" | "plug";

/** The card that joins the hosts of a pair. */
const WIRE_CARD = "net1";

/** Stops and starts the processors of a machine, pulls and plugs its wire; undoes both. */
export class MachineControl {
  readonly #undo = new Set<MachineAction>();

  constructor(readonly machine: Pick<RunningMachine, "qmp">) {}

  /** @throws {QmpCommandFailed | QmpTimeout | QmpDisconnected} */
  async act(action: MachineAction): Promise<void> {
    const { qmp } = this.machine;
    switch (action) {
      case "freeze":
        this.#undo.add("thaw");
        await qmp.execute("stop");
        return;
      case "thaw":
        await qmp.execute("cont");
        this.#undo.delete("thaw");
        return;
      case "unplug":
        this.#undo.add("plug");
        await qmp.execute("set_link", { name: WIRE_CARD, up: false });
        return;
      case "plug":
        await qmp.execute("set_link", { name: WIRE_CARD, up: true });
        this.#undo.delete("plug");
        return;
    }
  }

  /** As it was before: evidence is read from a machine that runs. A dead one is left alone. */
  async restore(): Promise<void> {
    for (const action of [...this.#undo]) await this.act(action).catch(() => undefined);
  }
}
