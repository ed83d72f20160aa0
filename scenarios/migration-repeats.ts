import {
  diskLogIsWhole,
  canMigrateLive,
  migrate,
  scenario,
  sharedBlockDisk,
  verifyMove,
  wireCard,
  type GuestType,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const ROUNDS = 10;
/** What a daemon may hold more of after the last round than after the first. */
const GROWTH_KIB = 4096;

export default scenario(
  {
    title: "A guest that migrates there and back ten times loses nothing, nor does libvirtd grow",
    tags: ["migration", "two-host", "disks", "soak"],
    needs: { hosts: 2, guestTypes: ["pv", "pvh"] },
    deadline: 1800,
    axes: { guest: ["pv", "pvh"] },
  },
  async (t, { hosts, axes, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const type = axes["guest"] as GuestType;
    const live = await canMigrateLive(a, type);
    fact("live", String(live));
    const disk = sharedBlockDisk("xvda");
    const { nics, words } = await wireCard(a);
    const does = { words: [...words, ...disk.words], memoryKiB: 1024 };
    // With card, disk and a larger pattern the memory of other workloads is too little for PVH.
    const guestOptions = { type, memoryMiB: 128, nics, disks: [disk] };
    let guest = await step("create", () => a.startWorkload(guestOptions, does));
    await step("guest ticks", () => guest.tick(2));
    const downtimes: number[] = [];
    const totals: number[] = [];
    let first: Daemon[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        const way = `${round}${to === b ? "there" : "back"}`;
        const moved = await step(way, () => migrate(guest, from, to, { flags: ["--p2p"], live }));
        await verifyMove(t, () => undefined, { way, moved, from, to });
        await guest.letGo();
        guest = moved.guest;
        totals.push(moved.totalMs);
        downtimes.push(moved.continuity.downtimeMs ?? NaN);
      }
      if (round === 1) first = await Promise.all(hosts.map(daemonOf));
    }
    const last = await Promise.all(hosts.map(daemonOf));
    const grown: string[] = [];
    for (const [index, host] of hosts.entries()) {
      t.equal(
        last[index]?.pid,
        first[index]?.pid,
        `${host.hostname}: its libvirtd did not restart`,
      );
      const [before = NaN, after = NaN] = [first[index]?.kib, last[index]?.kib];
      grown.push(`${before} to ${after} KiB`);
      t.ok(
        after - before <= GROWTH_KIB,
        `${host.hostname}: libvirtd grows by ${after - before} KiB`,
      );
    }
    const moves = `${totals.length} moves${live ? "" : " of a guest that is stopped first"}`;
    const figures = `${moves} of ${spread(totals)}, still for ${spread(downtimes)}`;
    fact("summary", `${figures}; libvirtd ${grown.join(" and ")}`);

    const ticks = guest.lastTick ?? 0;
    await step("destroy", () => guest.destroy());
    await step("read the disk", () => diskLogIsWhole(t, a, disk, ticks));
  },
);

interface Daemon {
  pid: string;
  /** What it holds for itself: pages of its libraries come and go with what dom0 needs. */
  kib: number;
}

async function daemonOf(host: ScenarioHost): Promise<Daemon> {
  const asked = ["systemctl", "show", "--property=MainPID", "--value", "libvirtd.service"];
  const pid = (await host.run(asked)).stdout.trim();
  const { stdout } = await host.run(["cat", `/proc/${pid}/status`]);
  return { pid, kib: Number(/^RssAnon:\s+(\d+)/m.exec(stdout)?.[1]) };
}

function spread(values: readonly number[]): string {
  const seconds = [Math.min(...values), Math.max(...values)].map((ms) => (ms / 1000).toFixed(1));
  return `${seconds.join(" to ")} s`;
}
