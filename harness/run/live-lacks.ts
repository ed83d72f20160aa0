import { needsOfCell } from "../plan/needs-of-cell.ts";
import { reasonAgainst } from "../plan/plan.ts";
import type { ScenarioNeeds } from "../spec/scenario-meta.ts";
import type { ChildJob } from "./child-protocol.ts";
import { lacksForGuests } from "./guest-types.ts";

const UNKNOWN = { xen: "", libvirt: "", kernel: "" };

/** What the live hosts of a cell lack for its scenario; what the plan could know is no part of it. */
export function liveLacks(
  ofScenario: ScenarioNeeds,
  job: Pick<ChildJob, "handles" | "virtCaps" | "versions" | "axes">,
): string[] {
  const { handles, virtCaps, versions, axes } = job;
  const needs = needsOfCell(ofScenario, axes);
  const guests = virtCaps.map((caps) => lacksForGuests(needs.guestTypes ?? [], caps));
  const ranges = handles.map(({ name }, index) => {
    const live = versions[index];
    return live ? reasonAgainst({ needs }, { name, expect: UNKNOWN }, live) : undefined;
  });
  return [...guests, ...ranges].filter((lacking) => lacking !== undefined);
}
