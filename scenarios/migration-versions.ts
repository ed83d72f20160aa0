import {
  answer,
  describeMove,
  migrate,
  promiseOfMigration,
  scenario,
  settled,
  verifyMove,
  versionsOf,
  type MigrationPromise,
  type PredictedOutcome,
  type RunningGuest,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

/** What Xen's rule comes to for a guest. */
const EXPECTED: Readonly<Record<MigrationPromise, string>> = {
  supported: "migrates",
  // Nobody promises it, and nothing is known that stands in its way.
  unpromised: "migrates",
  // An older Xen does not know all that is in the stream of a newer one.
  backwards: "is refused",
};

/** Xen of each host, and of the source in the words of a prediction. */
const PEERS = {
  "debian-11": "4.14",
  "debian-12": "4.17",
  "debian-13": "4.20",
  "debian-sid": "4.20",
};
const SOURCES = { "4.14": ">=4.14 <4.17", "4.17": ">=4.17 <4.20", "4.20": ">=4.20" };

/** The guest has been suspended for the last of its memory, and nobody lets it go on. */
const STANDS_STILL = "and stands still on the source";

const SETTLES_MS = 8_000;
const RESTART_MS = 120_000;
const GOES_ON_MS = 45_000;

/** What live hosts showed instead. */
const LIVE: Readonly<Record<string, string>> = {
  "4.17 to 4.14": "migrates",
  "4.20 to 4.14": `is refused, ${STANDS_STILL}`,
  "4.20 to 4.17": `is refused, ${STANDS_STILL}`,
};

function predictions(): PredictedOutcome[] {
  return Object.entries(SOURCES).flatMap(([from, xen]) =>
    Object.entries(PEERS).map(([peer, to]) => {
      const promised = EXPECTED[promiseOfMigration(from, to)];
      const live = LIVE[`${from} to ${to}`];
      const outcome = live ?? promised;
      return { xen, axes: { peer }, outcome, ...(live !== undefined && { promised }) };
    }),
  );
}

export default scenario(
  {
    title: "A guest migrates to the host of another version, or stays alive where it was",
    tags: ["migration", "two-host", "pvh", "versions"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 240,
    axes: { peer: Object.keys(PEERS) },
    predicted: predictions(),
  },
  async (t, { hosts, fact, step, observe }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const [from, to] = [await versionsOf(a), await versionsOf(b)];
    fact("rule", promiseOfMigration(from.xen, to.xen));
    const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
    await step("guest ticks", () => guest.tick(2));
    const moved = await step("migrate", () =>
      migrate(guest, a, b, { flags: ["--p2p"] }).catch((error: unknown) => error as Error),
    );
    if (!(moved instanceof Error)) {
      observe("migrates");
      return verifyMove(t, fact, { way: "there", moved, from: a, to: b });
    }
    fact("observed_error", moved.message);
    const found = await step("settle", () => settled(guest.name, hosts, SETTLES_MS));
    fact("state", describeMove(guest.name, a, b, found));
    if (moved.name.startsWith("Guest")) return observe("dies on arrival");
    const tick = guest.lastTick ?? 0;
    if (found.running.length > 0) {
      observe("is refused");
      t.same(found.running, [a.hostname], "the guest runs on the source alone");
      await step("it goes on", () => guest.tick(tick + 2));
      return;
    }
    observe(`is refused, ${STANDS_STILL}`);
    const back = await step("bring it back", () => bringBack(guest, a, tick));
    fact("brought_back", back);
    t.match(back, /; it goes on$/, "and has not lost its life");
  },
);

/** A daemon that starts sees how its guest is. @returns what the guest says afterwards */
async function bringBack(guest: RunningGuest, host: ScenarioHost, tick: number): Promise<string> {
  await guest.letGo();
  await host.run(["systemctl", "restart", "libvirtd.service"], { timeoutMs: RESTART_MS });
  const state = await guest.state();
  const words: string[] = [];
  for (const command of ["dompmwakeup", "resume"]) {
    words.push(answer(await host.virsh([command, guest.name], { anyStatus: true })));
  }
  const ticked = host.follow(guest.definition).tick(tick + 2, GOES_ON_MS);
  const said = await ticked.then(
    () => "it goes on",
    (error: unknown) => String(error),
  );
  return [state, ...words, said].join("; ");
}
