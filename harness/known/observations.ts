import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { RunResult } from "../events/result.ts";
import { ObservationsUnreadable } from "./errors.ts";
import type { Comparison } from "./prediction.ts";
import { KNOWN_ISSUES } from "./registry.ts";

/** Where the project keeps what its own hosts showed. */
export const OBSERVATIONS = join(KNOWN_ISSUES, "observed.json");

const observation = z.strictObject({
  predicted: z.enum(["happens", "absent", "nothing"]),
  observed: z.enum(["happens", "absent", "other", "unknown"]),
  outcome: z.enum(["confirmed", "wrong", "not-reproducible"]),
  change: z.enum(["fixed?", "new?", "different"]).optional(),
  seen: z.string(),
  xen: z.string(),
  libvirt: z.string(),
  /** Day of the run, UTC. */
  day: z.string(),
});

/** What a host showed of an issue, and when. */
export type SeenOnHost = z.infer<typeof observation>;

const observations = z.record(z.string(), z.record(z.string(), observation));

/** By issue and host. */
export type Observations = z.infer<typeof observations>;

/** @throws {ObservationsUnreadable} */
export async function readObservations(path: string): Promise<Observations> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw new ObservationsUnreadable(path, error);
  });
  try {
    return observations.parse(JSON.parse(text));
  } catch (error) {
    throw new ObservationsUnreadable(path, error);
  }
}

/** Puts what a run showed into the file; what other hosts showed before stays. */
export async function addObservations(
  path: string,
  result: RunResult,
  seen: readonly Comparison[],
): Promise<void> {
  const all = await readObservations(path);
  for (const { issue, host, ...comparison } of seen) {
    const { facts = {} } = result.cells.find((cell) => cell.host === host) ?? {};
    const ofIssue = (all[issue] ??= {});
    ofIssue[host] = {
      ...comparison,
      xen: facts["xen_version"] ?? "",
      libvirt: facts["libvirt_version"] ?? "",
      day: result.run.startedAt.slice(0, 10),
    };
  }
  await writeFile(path, `${JSON.stringify(sorted(all), null, 2)}\n`);
}

function sorted(all: Observations): Observations {
  const inOrder = Object.entries(all).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(
    inOrder.map(([id, hosts]) => [id, Object.fromEntries(Object.entries(hosts).sort())]),
  );
}
