import { createHash } from "node:crypto";
import {
  diskBackends,
  libxlLog,
  scenario,
  type DataDisk,
  type DataDiskOptions,
  type GuestDisk,
  type GuestOptions,
  type RunningGuest,
  type ScenarioContext,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

/** What becomes of a disk: libxl's backend and the format it is given, or who refuses it. */
const PHY = "vbd";
/** libvirt takes the disk for raw, so the guest sees the container instead of what is in it. */
const AS_RAW = "container seen";
const UNSEEN = "not seen";
const LIBVIRT = "refused by libvirt";
const NO_TAP = "refused by libxl";
/** Xen 4.19 knows a tap backend again, whose device (`vbd3`) waits for a daemon that nobody ships. */
const NO_TAPBACK = "refused, nothing serves it";

/** What Debian ships beside Xen 4.19 and newer is a QEMU that was built without VHD. */
const NO_DRIVER = "refused by QEMU";

/** The images, by value of the axis. `vhd` is dynamic. */
const IMAGES: Readonly<Record<string, DataDiskOptions>> = {
  raw: { format: "raw" },
  qcow2: { format: "qcow2" },
  backed: { format: "qcow2", backing: true },
  vhd: { format: "vhd" },
  fixed: { format: "vhd", fixed: true },
  vpc: { format: "vpc" },
  vmdk: { format: "vmdk" },
};

/**
 * What becomes of a disk of a format, by driver, from libvirt's and libxl's sources. `untyped` is
 * driver qemu whose type is left out.
 */
export function predictedDisks(image: string, xen: string): Readonly<Record<string, string>> {
  const [major = 0, minor = 0] = xen.split(".").map(Number);
  const isNewer = major > 4 || minor >= 19;
  const tap = isNewer ? NO_TAPBACK : NO_TAP;
  const { format } = IMAGES[image] ?? {};
  if (format === "raw") return { phy: PHY, qemu: "qdisk aio", file: "qdisk aio", tap, none: PHY };
  const asRaw = { none: `${PHY}, ${AS_RAW}`, untyped: `qdisk aio, ${AS_RAW}` };
  const refused = { phy: LIBVIRT, qemu: LIBVIRT, file: LIBVIRT, tap: LIBVIRT };
  // By its other name the same file is refused; what it is without any name, `vhd` shows.
  if (format === "vpc") return refused;
  if (format === "vmdk") return { ...refused, ...asRaw };
  return {
    phy: LIBVIRT,
    qemu: isNewer && format === "vhd" ? NO_DRIVER : `qdisk ${format}`,
    file: LIBVIRT,
    tap: format === "qcow2" ? "qdisk qcow2" : tap,
    // All that makes a fixed VHD of a raw image is a sector behind its end.
    ...(image === "fixed" ? { none: PHY, untyped: "qdisk aio" } : asRaw),
  };
}

/** In one line, as the scenario's metadata and its result have it. */
function inWords(disks: Readonly<Record<string, string>>): string {
  return Object.entries(disks)
    .map(([driver, what]) => `${driver}: ${what}`)
    .join("; ");
}

const BLOCK = 4096;
const HEAD = { block: 0, count: 1 };
const WRITTEN = { block: 256, count: 64 };
const WORD = "written-by-guest";
const text = Buffer.alloc(WRITTEN.count * BLOCK, `${WORD}\n`);
const wanted = createHash("sha256").update(text).digest("hex");

interface Attempt {
  driver: string;
  predicted: string;
  disk: DataDisk;
}

function guestDisk({ driver, disk }: Attempt, target: string): GuestDisk {
  const { path: source, format } = disk;
  if (driver === "none") return { source, target };
  if (driver === "untyped") return { source, target, driver: "qemu" };
  return { source, target, driver: driver as NonNullable<GuestDisk["driver"]>, format };
}

/** What QEMU says of a guest: the domain of a PV guest is created, whatever its QEMU cannot do. */
async function qemuSays(host: ScenarioHost, guest: string): Promise<string> {
  const log = `/var/log/xen/qemu-dm-${guest}.log`;
  return (await host.run(["cat", log], { anyStatus: true })).stdout;
}

function whoRefused(refusal: string, log: string, of: { format: string; driver: string }): string {
  const words = `libxenlight does not support disk format ${of.format} with disk driver ${of.driver}`;
  if (refusal.includes(words)) return LIBVIRT;
  if (/Unknown driver 'vpc'/.test(log)) return NO_DRIVER;
  if (/no suitable backend for disk/.test(log)) return NO_TAP;
  if (/unable to add device with path \S+\/vbd3\/\S+ - rc -9/.test(log)) return NO_TAPBACK;
  return refusal || "accepted";
}

/** Detaches the loop devices of these files, and no others. */
const DETACH = `for file; do losetup -j "$file" | cut -d: -f1 | xargs -r losetup --detach; done`;

/**
 * libxl gives hotplug scripts and device models a fixed time (-9 is its timeout), however slow the
 * machine is and however many start at once: what ran out of it is tried once more.
 */
async function startInTime(
  { host, fact }: Pick<ScenarioContext, "host" | "fact">,
  guest: GuestOptions,
): Promise<RunningGuest> {
  const said = (await libxlLog(host)).length;
  return host.start(guest).catch(async (error: unknown) => {
    const log = (await libxlLog(host)).slice(said);
    const why = /.*(?:because of timeout|\brc=-9\b).*/.exec(log)?.[0];
    if (why === undefined) throw error;
    fact("retried", why);
    // The killed script leaves its loop device, and libxl may still be busy with the first guest.
    const files = (guest.disks ?? []).map(({ source }) => source);
    await host.run(["sh", "-c", DETACH, "sh", ...files]);
    return host.start({ ...guest, name: `${guest.type}-once-more` });
  });
}

/** SHA-256 of the first block of each file itself, whatever is in it. */
async function containers(host: ScenarioHost, taken: readonly Attempt[]): Promise<string[]> {
  const script = `for file; do head -c ${BLOCK} "$file" | sha256sum; done`;
  const files = taken.map(({ disk }) => disk.path);
  const { stdout } = await host.run(["sh", "-c", script, "sh", ...files]);
  return stdout.match(/[0-9a-f]{64}/g) ?? [];
}

/** A disk by who serves it, and by what the guest sees at its beginning. */
function inGuest(by: string, seen: string | undefined, ours: string, container?: string): string {
  if (seen === undefined) return UNSEEN;
  if (seen === ours) return by;
  return `${by}, ${seen === container ? AS_RAW : "something else seen"}`;
}

/** Disks by guest, at most one loop device in each. */
function guestsFor(taken: readonly Attempt[]): Attempt[][] {
  const [, ...alone] = taken.filter(({ predicted }) => predicted === PHY);
  const together = taken.filter((attempt) => !alone.includes(attempt));
  return [together, ...alone.map((attempt) => [attempt])].filter((disks) => disks.length > 0);
}

export default scenario(
  {
    title: "A disk of each format comes to a guest through the backend that libxl chose",
    tags: ["one-host", "disks"],
    needs: { guestTypes: ["pv", "hvm"], guestTypeOf: { mode: { pv: "pv", hvm: "hvm" } } },
    deadline: 420,
    axes: { format: Object.keys(IMAGES), mode: ["pv", "hvm"] },
    predicted: Object.keys(IMAGES).flatMap((format) => [
      { axes: { format }, outcome: inWords(predictedDisks(format, "4.14")) },
      { axes: { format }, xen: ">=4.19", outcome: inWords(predictedDisks(format, "4.19")) },
    ]),
  },
  async (t, context) => {
    const { host, axes, fact, step, observe } = context;
    const image = axes["format"] ?? "";
    const format = IMAGES[image]?.format ?? "raw";
    const type = axes["mode"] === "hvm" ? "hvm" : "pv";
    const attempts: Attempt[] = [];
    const xen = (await host.xl(["info", "xen_version"])).stdout.trim();
    const table: Record<string, string> = {};
    const saw = (driver: string, observed: string): void => {
      table[driver] = observed;
      fact(`observed_${driver}`, observed);
    };
    for (const [driver, predicted] of Object.entries(predictedDisks(image, xen))) {
      fact(`predicted_${driver}`, predicted);
      table[driver] = UNSEEN;
      attempts.push({ driver, predicted, disk: await host.disk(IMAGES[image]) });
    }
    const isRefused = ({ predicted }: Attempt): boolean => predicted.startsWith("refused");

    for (const attempt of attempts.filter(isRefused)) {
      const { driver, predicted } = attempt;
      // Not the first disk: what libxl logs of this one must not look like K07 in a later failure.
      const disks = [guestDisk(attempt, type === "hvm" ? "hda" : "xvdd")];
      const name = `refused-${driver}`;
      const said = (await libxlLog(host)).length;
      const started = await step(`create with ${driver}`, () =>
        host.start({ type, name, disks }).catch(String),
      );
      const qemu = await qemuSays(host, name);
      if (typeof started !== "string") await started.destroy();
      const refusal = typeof started === "string" ? started : "";
      const log = (await libxlLog(host)).slice(said) + qemu;
      const observed = whoRefused(refusal, log, { format, driver });
      saw(driver, observed);
      fact(`refusal_${driver}`, refusal);
      t.equal(observed, predicted, `driver ${driver} is ${predicted}`);
    }

    for (const taken of guestsFor(attempts.filter((attempt) => !isRefused(attempt)))) {
      const letters = taken.map((_, index) => "abcd"[index] ?? "");
      const disks = taken.map((attempt, index) =>
        guestDisk(attempt, `${type === "hvm" ? "hd" : "xvd"}${letters[index]}`),
      );
      const writable = letters.filter((_, index) => !taken[index]?.predicted.endsWith(AS_RAW));
      const targets = writable.map((letter) => `xvd${letter}`).join(",");
      const append = `xenloop.write=${targets}:${WRITTEN.block}:${WRITTEN.count}:${WORD}`;
      // Before the guest, which writes nothing to a disk whose container it is to see.
      const heads = await containers(host, taken);
      const guest = await step("create", () => startInTime(context, { type, append, disks }));
      const report = await step("guest boots", () => guest.report());
      fact("guest_type", report.guestType);
      const backends = await diskBackends(host, guest.name);
      await step("destroy", () => guest.destroy());

      for (const [index, { driver, predicted, disk }] of taken.entries()) {
        const backend = backends.get(disks[index]?.target ?? "");
        const seen = report.disks.find(({ name }) => name === `xvd${letters[index]}`)?.sha256;
        const isOurs = seen === disk.head;
        const by = `${backend?.kind} ${backend?.format}`.trim();
        const observed = inGuest(by, seen, disk.head, heads[index]);
        saw(driver, observed);
        t.equal(observed, predicted, `driver ${driver} as predicted`);
        if (!isOurs) continue;

        const wrote = report.writes.find(({ disk: name }) => name === `xvd${letters[index]}`);
        t.equal(wrote?.sha256, wanted, `${driver}: the guest wrote its text`);
        const [head, written] = await step(`read ${driver}`, () => disk.sha256(HEAD, WRITTEN));
        t.equal(written, wanted, `${driver}: dom0 reads in the image what the guest wrote`);
        t.equal(head, disk.head, `${driver}: and the first block is as it was`);
        const status = await disk.check();
        t.equal(status, format === "qcow2" ? 0 : 63, `${driver}: qemu-img check has no complaint`);
        if (disk.below)
          t.ok(await disk.belowIsUntouched(), `${driver}: the image below is as it was`);
      }
    }
    observe(inWords(table));
  },
);
