import type { HostSpec } from "../spec/host-spec.ts";
import type { HostOverrides } from "./schema.ts";

/**
 * The host as a user's configuration wants it. A snapshot wins over a mirror, the host's own
 * mirror over the general one; packages are added, every other field is replaced. The index
 * of a snapshot is as old as the snapshot.
 */
export function applyOverrides(
  spec: HostSpec,
  overrides: HostOverrides = {},
  mirrorForAll?: string,
): HostSpec {
  const { dom0, mirror, snapshot, packages = [], expect, ...plain } = overrides;
  const chosen = snapshot ?? mirror ?? spec.mirror ?? mirrorForAll;
  return {
    ...spec,
    ...defined({ mirror: chosen, ...plain }),
    ...(snapshot !== undefined && { allowExpiredRelease: true }),
    packages: [...new Set([...spec.packages, ...packages])],
    expect: { ...spec.expect, ...defined(expect ?? {}) },
    dom0: { ...spec.dom0, ...defined(dom0 ?? {}) },
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
