import { XenloopError } from "../base/error.ts";
import type { HostImage } from "../image/host-image.ts";
import { promisedVersions } from "../image/locked-versions.ts";
import { checkLock } from "../rules/index.ts";
import type { BootedHost } from "./booted-host.ts";
import { HostUnhealthy } from "./errors.ts";
import { readHostFacts, type HostFacts } from "./host-facts.ts";

/** dom0's clock may be this far from ours; a clone starts hours behind. */
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Xen, libvirt, clock and channel answer, and are what the lock pins; returns what they said.
 * @throws {HostUnhealthy}
 */
export async function checkHealth(host: BootedHost, image: HostImage): Promise<HostFacts> {
  const [facts] = await Promise.all([
    failing("xl and libvirt", host, () => readHostFacts(host)),
    failing("clock", host, () => checkClock(host)),
  ]);
  for (const name of ["xen_version", "libvirt_version"] as const) {
    if (facts[name] === "") throw new HostUnhealthy(host.name, name, "it is not reported");
  }
  checkPins(host, facts, image);
  return facts;
}

/** A result names versions: they must be those of the packages the host is built from. */
function checkPins(host: BootedHost, facts: HostFacts, { spec, lock }: HostImage): void {
  const { xen_version: xen, libvirt_version: libvirt, dom0_kernel: kernel } = facts;
  const locked = promisedVersions(spec, lock);
  const checks = locked ? checkLock({ xen, libvirt }, locked) : [];
  for (const { subject, live, locked, agrees } of checks) {
    // A hypervisor that is built for a check is of a version of its own.
    const isPinned = subject !== "xen" || spec.hypervisor === undefined;
    if (isPinned && !agrees)
      throw new HostUnhealthy(host.name, subject, `it is ${live}, not ${locked}`);
  }
  const { kernelVersion } = host.handle;
  if (kernel !== kernelVersion) {
    throw new HostUnhealthy(host.name, "kernel", `it is ${kernel}, not ${kernelVersion}`);
  }
}

async function checkClock(host: BootedHost): Promise<void> {
  const before = Date.now() / 1000;
  const clock = Number((await host.run(["xenloop:clock"])).stdout);
  const after = Date.now() / 1000;
  const wrong = Math.max(before - clock, clock - after);
  if (!(wrong <= CLOCK_TOLERANCE_SECONDS)) {
    throw new HostUnhealthy(host.name, "clock", `it is ${wrong.toFixed(1)} s off`);
  }
}

async function failing<T>(check: string, host: BootedHost, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HostUnhealthy || !(error instanceof XenloopError)) throw error;
    throw new HostUnhealthy(host.name, check, error.message, error);
  }
}
