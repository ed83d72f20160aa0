import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { EventBus } from "../events/bus.ts";
import { ResultBuilder } from "../events/reduce.ts";
import { plan } from "../plan/plan.ts";
import type { Scenario } from "../plan/scenario-registry.ts";
import { performRun } from "../run/perform.ts";
import { BenchRunFailed } from "./errors.ts";
import type { Figures } from "./figures.ts";
import type { BenchSession } from "./session.ts";

export const SCENARIO_TAG = "smoke";

/** The smoke scenarios one after the other, each on a booted host, then each on a clone. */
export async function measureScenarios(
  session: BenchSession,
  scenarios: readonly Scenario[],
  figures: Figures,
): Promise<void> {
  await session.template();
  figures.add("scenarios_cold", await runSet(session, scenarios, true));
  figures.add("scenarios_warm", await runSet(session, scenarios, false));
}

/** @returns milliseconds */
async function runSet(
  { request, workspace }: BenchSession,
  scenarios: readonly Scenario[],
  cold: boolean,
): Promise<number> {
  const runPath = await mkdtemp(join(workspace.path, cold ? "cold-" : "warm-"));
  const bus = new EventBus();
  const result = new ResultBuilder();
  bus.subscribe((event) => result.add(event));
  const started = performance.now();
  await performRun(
    {
      ...request,
      hosts: [request.spec],
      hostNamed: () => request.spec,
      cells: (scale) => plan({ scenarios, hosts: [request.spec], scale }),
      scenarioFiles: new Map(scenarios.map(({ meta, file }) => [meta.id, file])),
      runId: "bench",
      runPath,
      jobs: 1,
      retries: 0,
      cold,
      harness: "bench",
      origin: { locks: {} },
      argv: [],
      keepsGuests: false,
      backend: "qemu",
      mayShare: async () => false,
      keep: () => Promise.resolve(false),
    },
    bus,
  );
  const ms = performance.now() - started;
  const wrong = result.result().cells.filter(({ status }) => status !== "passed");
  if (wrong.length > 0) {
    const how = cold ? "with a boot each" : "with a clone each";
    throw new BenchRunFailed(
      how,
      wrong.map(({ id, status }) => `${id} ${status}`),
    );
  }
  return ms;
}
