import type { GuestType } from "../spec/scenario-meta.ts";

/**
 * Why a live host cannot run these guest types: Xen runs PVH and HVM only where the processor
 * has VMX or SVM, nested if need be.
 * @param virtCaps of `xl info`, such as `pv hvm hap`; empty where it does not say
 */
export function lacksForGuests(
  guestTypes: readonly GuestType[],
  virtCaps: string,
): string | undefined {
  const caps = virtCaps.split(/\s+/).filter(Boolean);
  if (caps.length === 0 || caps.includes("hvm")) return undefined;
  const lost = guestTypes.filter((type) => type !== "pv").map((type) => type.toUpperCase());
  if (lost.length === 0) return undefined;
  return `the host cannot run ${lost.join(" and ")} guests: its Xen has only ${caps.join(", ")}`;
}
