import { availableParallelism, loadavg, totalmem } from "node:os";
import type { EventBus } from "../events/bus.ts";
import type { Scenario } from "../plan/scenario-registry.ts";
import { Figures } from "./figures.ts";
import { measureBoot, measureTemplate, untunedImage } from "./measure-boots.ts";
import { measureClone, measureLatency, measureMemory } from "./measure-clones.ts";
import { measurePair } from "./measure-pair.ts";
import { measureScenarios, SCENARIO_TAG } from "./measure-scenarios.ts";
import { measureVagrant } from "./measure-vagrant.ts";
import { BENCH_PARTS, COMPARED, type BenchPart } from "./parts.ts";
import { ratiosOf } from "./ratios.ts";
import type { BenchReport } from "./report.ts";
import { BenchSession, type BenchRequest } from "./session.ts";

export interface BenchChoice extends BenchRequest {
  parts: readonly BenchPart[];
  repeat: number;
  scenarios: readonly Scenario[];
  /** Told before each repetition of each part. */
  onStep(part: BenchPart, repetition: number): void;
}

/**
 * Measures the parts. Each repetition goes through all of them, so that a change of the
 * machine's load in between falls on all parts alike and shows as spread.
 */
export async function runBench(choice: BenchChoice, bus: EventBus): Promise<BenchReport> {
  const loadBefore = loadavg()[0] ?? 0;
  const started = performance.now();
  await using session = await BenchSession.open(choice, bus);
  const figures = new Figures();
  const parts = [...BENCH_PARTS, ...COMPARED].filter((part) => choice.parts.includes(part));
  const smoke = choice.scenarios.filter(({ meta }) => meta.tags.includes(SCENARIO_TAG));
  const measure: Record<BenchPart, () => Promise<void>> = {
    clone: () => measureClone(session, figures),
    latency: () => measureLatency(session, figures),
    memory: () => measureMemory(session, figures),
    pair: () => measurePair(session, figures),
    lean: () => measureBoot(session, figures, "lean"),
    untuned: () => measureBoot(session, figures, "untuned"),
    template: () => measureTemplate(session, figures),
    scenarios: () => measureScenarios(session, smoke, figures),
    vagrant: async () => {
      await measureVagrant(session, figures, "untuned");
      await measureVagrant(session, figures, "lean");
    },
  };
  if (parts.includes("untuned") || parts.includes("vagrant")) await untunedImage(session);
  for (let repetition = 1; repetition <= choice.repeat; repetition += 1) {
    for (const part of parts) {
      choice.signal.throwIfAborted();
      choice.onStep(part, repetition);
      await measure[part]();
    }
  }
  const { probe, qemuVersion, runtime } = session.acceleration;
  const summaries = figures.summaries();
  return {
    version: 1,
    host: choice.spec.name,
    accelerator: {
      accel: runtime.profile.accel,
      ...(probe.reason !== undefined && { reason: probe.reason }),
      qemu: qemuVersion,
      timeFactor: probe.timeFactor,
    },
    machine: {
      cores: availableParallelism(),
      memoryMiB: Math.round(totalmem() / 2 ** 20),
      loadBefore,
      loadAfter: loadavg()[0] ?? 0,
    },
    repeat: choice.repeat,
    seconds: (performance.now() - started) / 1000,
    ratios: ratiosOf(summaries, choice.spec.memoryMiB),
    figures: summaries,
  };
}
