import { setTimeout as delay } from "node:timers/promises";
import {
  diskLogIsWhole,
  answer,
  callsPaused,
  clearRemains,
  consoleContinuity,
  describe,
  describeMove,
  hasten,
  installGates,
  migrate,
  migrateArgv,
  PhaseGate,
  scenario,
  setCalledPausedRight,
  settled,
  sharedBlockDisk,
  verifyMove,
  versionsOf,
  type ExecResult,
  type GatePoint,
  type RunningGuest,
  type ScenarioHost,
  type Whereabouts,
  type Wire,
} from "../harness/scenario/index.ts";

/** One migration that is broken. */
interface Way {
  source: ScenarioHost;
  destination: ScenarioHost;
  wire: Wire;
}

interface Fault {
  strike(way: Way): Promise<unknown>;
  /** What takes it away again, once the migration is over or `LASTS_MS` have passed. */
  mend?(way: Way): Promise<unknown>;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "link-cut": { strike: ({ wire }) => wire.cut(), mend: ({ wire }) => wire.mend() },
  // systemd starts it again.
  "source-daemon": { strike: ({ source }) => killDaemon(source) },
  "destination-daemon": { strike: ({ destination }) => killDaemon(destination) },
  // For the source a host without power and one that stands still are the same.
  "destination-host": {
    strike: ({ destination }) => destination.freeze(),
    mend: ({ destination }) => destination.thaw(),
  },
};

const PHASES = ["begin", "prepare", "perform", "finish", "confirm"] as const;
type Phase = (typeof PHASES)[number];

/** Where a migration is held while the fault strikes: which host, and at which point. */
const GATES: Partial<Record<Phase, { at: "source" | "destination"; point: GatePoint }>> = {
  prepare: { at: "destination", point: "migrate" },
  finish: { at: "destination", point: "started" },
  confirm: { at: "source", point: "stopped" },
};

/** The perform phase is made long enough to strike in its middle. */
const SLOW_KIB_PER_SECOND = 8192;
const STRIKES_AFTER_KIB = 16384;
const LASTS_MS = 30_000;
const SETTLES_MS = 8_000;
const MIGRATE_MS = 120_000;

/** Where the guest is after a fault in a phase, when nothing is left behind. */
const CLEAN: Readonly<Record<Phase, string>> = {
  begin: "runs on source",
  prepare: "runs on source",
  perform: "runs on source",
  finish: "runs on source",
  confirm: "runs on destination",
};

/**
 * libvirt resumes a guest that it has not suspended, which fails, and calls it paused from then on
 * (K71).
 */
const CALLED_PAUSED = "source: libvirt says paused";
/** Nobody comes to finish what was prepared, and libvirt waits for that for ever. */
const AWAITED = "destination: libvirt says shut off";

/** What libvirt leaves behind, or does otherwise, and an administrator has to know. */
const DOCUMENTED: Readonly<Record<string, Partial<Record<Phase, string>>>> = {
  "link-cut": {
    prepare: `runs on source; ${CALLED_PAUSED}; ${AWAITED}`,
    // The receiving end reads on where nobody sends any more.
    perform: `runs on source; destination: GUEST is paused; ${AWAITED}`,
    // As when the destination stands still: the source takes silence for a failure (K75).
    finish: "runs on source and destination",
  },
  "source-daemon": {
    begin: "runs on destination",
    prepare: `runs on source; ${AWAITED}`,
    perform: `runs on source; ${AWAITED}`,
    // The destination was told already to go on; the copy on the source is one that was sent.
    finish: "runs on destination; source: GUEST is suspended; source: libvirt says pmsuspended",
  },
  "destination-daemon": {
    begin: "runs on destination",
    prepare: `runs on source; ${CALLED_PAUSED}`,
    perform: "runs on source; destination: GUEST is paused",
    finish: "runs on source; destination: GUEST is paused; destination: libvirt says paused",
  },
  "destination-host": {
    prepare: `runs on source; ${CALLED_PAUSED}; ${AWAITED}`,
    perform: `runs on source; ${AWAITED}`,
    // The source takes silence for a failure, and the destination goes on where it stood still.
    finish: "runs on source and destination",
  },
};

function killDaemon(host: ScenarioHost): Promise<ExecResult> {
  return host.run(["systemctl", "kill", "--kill-who=main", "--signal=KILL", "libvirtd.service"]);
}

/** What is known of a guest's whereabouts after a fault, with that libvirt. */
function known(kind: string, phase: Phase, libvirt: string): string {
  const state = DOCUMENTED[kind]?.[phase] ?? CLEAN[phase];
  return callsPaused(libvirt) ? state : state.replace(`; ${CALLED_PAUSED}`, "");
}

/**
 * Migrates until the fault strikes in the phase, lets it last, takes it away.
 * @returns what virsh says, and whether the migration came to the phase at all
 */
async function broken(
  fault: Fault,
  phase: Phase,
  way: Way,
  guest: RunningGuest,
): Promise<{ said: ExecResult; struck: boolean }> {
  const { source, destination, wire } = way;
  const gated = GATES[phase];
  const gate = gated && (await PhaseGate.close(way[gated.at], gated.point));
  // libxl has no point to be held at before it asks the destination.
  if (phase === "begin") await fault.strike(way);
  if (phase === "perform") await wire.limit(SLOW_KIB_PER_SECOND);
  const over = new AbortController();
  const argv = migrateArgv(guest.name, destination, { flags: ["--p2p"] });
  const migration = source
    .virsh(argv, { anyStatus: true, timeoutMs: MIGRATE_MS })
    .finally(() => over.abort());
  const ended = migration.then(
    () => false,
    () => false,
  );
  const { signal } = over;
  const there = gate?.reached ?? wire.carries(source, STRIKES_AFTER_KIB, signal);
  const arrives = there.then(
    () => true,
    () => ended,
  );
  const struck = phase === "begin" || (await Promise.race([arrives, ended]));
  if (phase !== "begin" && struck) await fault.strike(way);
  // A gate of a host that stands still opens when it goes on.
  const opening = gate?.open();
  await Promise.race([ended, delay(LASTS_MS, undefined, { signal }).catch(() => undefined)]);
  await fault.mend?.(way);
  await opening;
  const said = await migration;
  if (phase === "perform") await wire.unlimit();
  return { said, struck };
}

/** What an administrator has to do: there is one guest afterwards, and libvirt knows how it is. */
async function clear(name: string, home: ScenarioHost, next: ScenarioHost, found: Whereabouts) {
  await clearRemains(name, next);
  if (found.running.length === 0) {
    // What its daemon waits for it forgets with a restart.
    await home.run(["systemctl", "restart", "libvirtd.service"], { timeoutMs: MIGRATE_MS });
  }
  await setCalledPausedRight(name, home);
}

export default scenario(
  {
    title: "Whatever breaks in whatever phase of a migration, one guest runs and lost nothing",
    tags: ["migration", "two-host", "pvh", "faults"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 900,
    axes: { fault: Object.keys(FAULTS) },
  },
  async (t, { hosts, wire, axes, fact, step }) => {
    const kind = axes["fault"] ?? "";
    const fault = FAULTS[kind] as Fault;
    await step("gates", () =>
      Promise.all(hosts.map((host) => hasten(host).then(() => installGates(host)))),
    );
    let [source, destination] = hosts as [ScenarioHost, ScenarioHost];
    const { libvirt } = await versionsOf(source);
    const disk = sharedBlockDisk("xvda");
    const { words } = disk;
    let guest = await step("create", () =>
      source.startWorkload({ type: "pvh", disks: [disk] }, { words }),
    );
    await step("guest ticks", () => guest.tick(2));
    // Where in the console's log of its host the guest's present stay begins.
    let stay = 0;

    for (const phase of PHASES) {
      const { name } = guest;
      const arrival = await destination.consoleBytes(name);
      const way = { source, destination, wire };
      const { said, struck } = await step(phase, () => broken(fault, phase, way, guest));
      t.ok(struck, `${phase}: the fault strikes in that phase`);
      fact(`virsh_${phase}`, answer(said));

      const look = () => settled(name, [way.source, way.destination], SETTLES_MS);
      const found = await step(`${phase}: settle`, look);
      const state = describeMove(name, source, destination, found);
      fact(`state_${phase}`, state);
      t.equal(state, known(kind, phase, libvirt), `${phase}: a state that is known`);
      const home = found.running.includes(source.hostname) ? source : destination;
      const next = home === source ? destination : source;
      // What an administrator has to do.
      if (found.remains.length > 0 || found.running.length > 1) {
        await step(`${phase}: clear`, () => clear(name, home, next, found));
        const cleared = await step(`${phase}: settle again`, look);
        t.equal(describe(cleared), `runs on ${home.hostname}`, `${phase}: nothing else is left`);
      }
      // Anew on the source too: the end of a daemon looks like that of its guests.
      await guest.letGo();
      const stayed = home === source;
      const arrived = home.follow(guest.definition, stayed ? stay : arrival);
      const tick = guest.lastTick ?? 0;
      await step(`${phase}: it goes on`, () => arrived.tick(tick + 2));
      const { lost, repeated, damaged } = consoleContinuity(stayed ? arrived : guest, arrived);
      const nothing = { lost: [], repeated: [], damaged: [] };
      t.same({ lost, repeated, damaged }, nothing, `${phase}: it lost nothing`);
      const job = (await home.virsh(["domjobinfo", name])).stdout;
      t.match(job, /Job type: +None/, `${phase}: no job is left`);
      const used = "sport >= :49152 and sport <= :49216";
      const ports = (await destination.run(["ss", "-Htln", used])).stdout;
      t.equal(ports, "", `${phase}: no port of migrations is open`);

      stay = await next.consoleBytes(name);
      const moved = await step(`${phase}: the next migration`, () =>
        migrate(arrived, home, next, { flags: ["--p2p"] }),
      );
      await verifyMove(t, fact, { way: `after_${phase}`, moved, from: home, to: next });
      guest = moved.guest;
      [source, destination] = [next, home];
    }
    const ticks = guest.lastTick ?? 0;
    await step("destroy", () => guest.destroy());
    await diskLogIsWhole(t, source, disk, ticks);
  },
);
