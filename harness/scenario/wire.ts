import type { ScenarioHost } from "./scenario-host.ts";

/** Card of each host that the wire ends in. */
const CARD = "eth1";

/** The wire between the hosts of a pair: migrations take it, and nothing else. */
export class Wire {
  constructor(readonly hosts: readonly ScenarioHost[]) {}

  /** Nothing comes through in either direction, and the second host sees that its link is down. */
  cut(): Promise<void> {
    return this.#second().unplug();
  }

  mend(): Promise<void> {
    return this.#second().plug();
  }

  /** Lets no more through than so many KiB a second, each way. */
  async limit(kibPerSecond: number): Promise<void> {
    this.#second();
    const rate = ["rate", `${kibPerSecond * 8}kibit`, "burst", "64kb", "latency", "1s"];
    for (const host of this.hosts) {
      await host.run(["tc", "qdisc", "replace", "dev", CARD, "root", "tbf", ...rate]);
    }
  }

  async unlimit(): Promise<void> {
    for (const host of this.hosts) await host.run(["tc", "qdisc", "del", "dev", CARD, "root"]);
  }

  /** Waits until the host has sent so many KiB more than it has by now. */
  async carries(from: ScenarioHost, kib: number, signal?: AbortSignal): Promise<void> {
    const counter = `/sys/class/net/${CARD}/statistics/tx_bytes`;
    const wait = `read -r was < "$1"
until read -r now < "$1" && [ $((now - was)) -ge "$2" ]; do sleep 0.1; done`;
    await from.run(["sh", "-c", wait, "sh", counter, String(kib * 1024)], {
      ...(signal && { signal }),
    });
  }

  #second(): ScenarioHost {
    const [, second] = this.hosts;
    if (!second) throw new TypeError("a scenario with a wire needs two hosts");
    return second;
  }
}
