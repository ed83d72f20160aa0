import { messageOf } from "../base/error.ts";
import { processMemory } from "../base/process-memory.ts";
import type { EventBus } from "../events/bus.ts";
import { type RunningGuest } from "../guest/running-guest.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { ScenarioHost } from "../scenario/scenario-host.ts";
import { cloneDrift, driftOf, holdings } from "./drift.ts";
import { BenchSession, type BenchRequest } from "./session.ts";
import type { SoakReport } from "./soak-report.ts";
import { summarize } from "./statistics.ts";

export interface SoakChoice extends BenchRequest {
  clones: number;
  parallel: number;
  onClone(clone: number, reason: string | undefined): void;
}

/** Every clone of this number, counted from 1, starts a guest. */
const GUEST_EVERY = 10;
const DOM0_LISTED = /^\s*0\s+Domain-0\s+running\s*$/m;

/** Clones one after the other, or several at once; each must answer `virsh list` rightly. */
export async function runSoak(choice: SoakChoice, bus: EventBus): Promise<SoakReport> {
  await using session = await BenchSession.open(choice, bus);
  await session.template();
  const soak = new Soak(session, choice);
  const started = performance.now();
  // The first ones load what later ones find loaded: drift is counted from then on.
  const warm = Math.min(choice.clones, choice.parallel * 2);
  await soak.run(1, warm);
  const before = await holdings(session.workspace.path);
  await soak.run(warm + 1, choice.clones);
  const after = await holdings(session.workspace.path);
  return {
    version: 1,
    host: choice.spec.name,
    accel: session.runtime.profile.accel,
    asked: choice.clones,
    right: soak.answers.length,
    guests: soak.guests,
    parallel: choice.parallel,
    seconds: (performance.now() - started) / 1000,
    wrong: soak.wrong,
    drift: [...driftOf(before, after), ...cloneDrift(soak.privateMiB)],
    ...(soak.answers.length > 0 && { answer: summarize(soak.answers) }),
  };
}

class Soak {
  readonly answers: number[] = [];
  readonly privateMiB: number[] = [];
  readonly wrong: SoakReport["wrong"] = [];
  guests = 0;

  constructor(
    readonly session: BenchSession,
    readonly choice: SoakChoice,
  ) {}

  /** Clones `first` to `last`, `parallel` of them at once. */
  async run(first: number, last: number): Promise<void> {
    let next = first;
    const worker = async (): Promise<void> => {
      while (next <= last) await this.#one(next++);
    };
    const workers = Array.from({ length: this.choice.parallel }, worker);
    for (const outcome of await Promise.allSettled(workers)) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
  }

  async #one(clone: number): Promise<void> {
    const { signal, onClone } = this.choice;
    signal.throwIfAborted();
    const started = performance.now();
    let reason: string | undefined;
    try {
      await using running = await this.session.clone();
      const { stdout } = await running.host.virsh(["list"]);
      const ms = performance.now() - started;
      if (!DOM0_LISTED.test(stdout)) throw new Error(`virsh list says: ${stdout.trim()}`);
      this.privateMiB.push((await processMemory(running.machine.process.pid)).private);
      if (clone % GUEST_EVERY === 0) {
        await startGuest(running.host);
        this.guests += 1;
      }
      this.answers.push(ms);
    } catch (error) {
      signal.throwIfAborted();
      reason = messageOf(error);
      this.wrong.push({ clone, reason });
    }
    onClone(clone, reason);
  }
}

/** A PV guest that has said what it is, and that libvirt lists as running. */
async function startGuest(booted: BootedHost): Promise<void> {
  const host = new ScenarioHost(booted);
  const guest: RunningGuest = await host.start({ type: "pv" });
  try {
    await guest.report();
    const state = await guest.state();
    if (state !== "running") throw new Error(`the PV guest is ${state}`);
  } finally {
    await host.destroyGuests();
  }
}
