import { installBiosBoot } from "../guest/bios-boot.ts";
import type { GuestReport } from "../guest/report.ts";
import { RunningGuest } from "../guest/running-guest.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { hostOffers, type HostOffers } from "./capabilities.ts";
import type { Contract } from "./contract.ts";

/** Nova's cache of images, raw as its default `force_raw_images` makes them. */
const BASE = "/var/lib/nova/instances/_base/xenloop-guest";
const COPY_TIMEOUT_MS = 120_000;

/** What each mode must make of a guest, by its own word. */
const PROMISED: Readonly<Record<string, string>> = { xen: "PV", hvm: "HVM" };

/** What a live host's libvirt offers to Nova. */
export async function offersOf(host: BootedHost): Promise<HostOffers> {
  return hostOffers((await host.virsh(["capabilities"])).stdout);
}

/** What the guest's `/sys/hypervisor/guest_type` must say; nothing for a mode that is not Xen's. */
export const promisedType = (mode: string): string | undefined => PROMISED[mode];

/**
 * Puts the instance's disk where Nova does, a qcow2 over the cached image, and creates the domain
 * from Nova's XML. The image boots in either mode; its console is read from the byte
 * `consoleStart` on. @throws {GuestRefused}
 */
export async function startInstance(
  host: BootedHost,
  { mode, instance, xml }: Contract,
  consoleStart = 0,
): Promise<RunningGuest> {
  const { name, memoryMiB, vcpus, directory } = instance;
  await cacheImage(host);
  await host.run(["mkdir", "-p", directory]);
  const over = ["-F", "raw", "-b", BASE, `${directory}/disk`];
  await host.run(["qemu-img", "create", "-q", "-f", "qcow2", ...over]);
  // Nova leaves on_reboot to libvirt, whose default is a restart.
  const type = mode === "hvm" ? "hvm" : "pv";
  const rest = { disks: [], nics: [], onReboot: "restart" } as const;
  return RunningGuest.create(
    host,
    { name, type, memoryMiB, vcpus, ...rest },
    { xml, consoleStart },
  );
}

async function cacheImage(host: BootedHost): Promise<void> {
  if ((await host.run(["test", "-e", BASE], { anyStatus: true })).exitCode === 0) return;
  const raw = `${BASE}.part`;
  await host.run(["mkdir", "-p", BASE.replace(/\/[^/]*$/, "")]);
  const copy = ["cp", "--sparse=always", host.handle.kit.bootDisk, raw];
  await host.run(copy, { timeoutMs: COPY_TIMEOUT_MS });
  await installBiosBoot(host, raw);
  await host.run(["mv", raw, BASE]);
}

export interface GuestWord {
  /** `PV` or `HVM`, as the guest says. */
  says: string;
  promised: string;
  holds: boolean;
  report: GuestReport;
}

/** Boots the instance, hears what it is, and destroys it. @throws {GuestRefused | GuestSilent} */
export async function guestWord(host: BootedHost, contract: Contract): Promise<GuestWord> {
  const guest = await startInstance(host, contract);
  try {
    const report = await guest.report();
    const promised = promisedType(contract.mode) ?? contract.mode;
    return { says: report.guestType, promised, holds: report.guestType === promised, report };
  } finally {
    await guest.destroy();
  }
}
