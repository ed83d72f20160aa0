import {
  answer,
  callsPaused,
  createdDomain,
  migrate,
  migrateArgv,
  rename,
  resolveOwnName,
  scenario,
  setCalledPausedRight,
  verifyMove,
  verifyStayed,
  versionsOf,
  type RunningGuest,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const CONF = "/etc/libvirt/libvirtd.conf";
const LOG = "/var/log/libvirt/libxl/libxl-driver.log";

/** Less than the guest has, and enough for Xen's own tables of the one that fills the rest. */
const TOO_LITTLE_MIB = 64;

interface Pair {
  a: ScenarioHost;
  b: ScenarioHost;
  /** Starts a paused guest of that much memory, called filler. */
  fill(host: ScenarioHost, memoryMiB: number): Promise<void>;
}

/** What is wrong with a destination, and what a migration to it comes to. */
interface Fault {
  name: string;
  /** Makes the destination unfit; gives the guest that migrates, if it is one of its own. */
  spoil(pair: Pair): Promise<RunningGuest | void>;
  mend(pair: Pair): Promise<unknown>;
  error: RegExp;
  /** In the destination's libxl-driver.log, where libvirt says less. */
  log?: RegExp;
  /**
   * The destination refuses it before any data is sent. libvirt then resumes a guest that it has
   * not suspended, which fails, and calls it paused from then on (K71); the guest runs.
   */
  early?: true;
}

const FAULTS: readonly Fault[] = [
  {
    name: "localhost",
    spoil: async ({ b }) => rename(b, "localhost"),
    mend: ({ b }) => rename(b, b.hostname),
    error:
      /internal error: hostname on destination resolved to localhost, but migration requires an FQDN/,
    early: true,
  },
  {
    // As Debian's installer writes /etc/hosts.
    name: "127.0.1.1",
    spoil: async ({ b }) => void (await resolveOwnName(b, "127.0.1.1")),
    mend: ({ b }) => resolveOwnName(b, "192.168.77.2"),
    error: /unable to connect to server at 'xen-b:\d+': Connection refused/,
  },
  {
    name: "no disk",
    spoil: async ({ a }) => {
      const { path: source } = await a.disk();
      const disks = [{ source, driver: "phy", format: "raw", target: "xvda" }] as const;
      const guest = await a.startWorkload({ name: "with-disk", type: "pvh", disks });
      await guest.tick(0);
      return guest;
    },
    mend: ({ a }) => a.virsh(["destroy", "with-disk"]),
    error: /Failed to send migration data to destination host/,
    log: /No such file or directory/,
  },
  {
    name: "no memory",
    spoil: async ({ b, fill }) => {
      const free = Number((await b.xl(["info", "free_memory"])).stdout);
      await fill(b, Math.floor(free) - TOO_LITTLE_MIB);
    },
    mend: ({ b }) => b.virsh(["destroy", "filler"]),
    error: /Failed to send migration data to destination host/,
    log: /Failed to populate physmap/,
  },
];

/** Gives a host the UUID of another one. @returns what both are told to be */
async function shareUuid(from: ScenarioHost, to: ScenarioHost): Promise<string[]> {
  const own = await uuidOf(from);
  await to.run(["sed", "-i", `s/^host_uuid *=.*/${own}/`, CONF]);
  await to.run(["systemctl", "restart", "libvirtd.service"]);
  return [own, await uuidOf(to)];
}

/** The Xen driver's `virsh capabilities` has none; a daemon that is told a wrong one does not start. */
async function uuidOf(host: ScenarioHost): Promise<string> {
  const { stdout } = await host.run(["grep", "^host_uuid", CONF]);
  return stdout.trim();
}

export default scenario(
  {
    title: "A migration to a host that cannot take the guest fails, and the guest runs on",
    tags: ["migration", "two-host", "pvh", "refusals"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 420,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const isCalledPaused = callsPaused((await versionsOf(a)).libvirt);
    const fill = (host: ScenarioHost, memoryMiB: number): Promise<void> =>
      createdDomain(t, host, { name: "filler", type: "pvh", memoryMiB });
    const pair = { a, b, fill };
    const { path: source } = await a.disk();
    const disks = [{ source, driver: "qemu", format: "raw", target: "xvda" }] as const;
    const guest = await step("create", () => a.startWorkload({ type: "pvh", disks }));
    await step("guest ticks", () => guest.tick(2));

    for (const { name, spoil, mend, error, log, early = false } of FAULTS) {
      const logged = await logSize(b);
      const migrating = (await step(`${name}: spoil`, () => spoil(pair))) ?? guest;
      const argv = migrateArgv(migrating.name, b, { flags: ["--p2p"] });
      const asked = await step(`${name}: migrate`, () =>
        a.virsh(argv, { anyStatus: true, timeoutMs: 120_000 }),
      );
      fact(`error_${name.replaceAll(/\W/g, "_")}`, answer(asked));
      t.equal(asked.exitCode, 1, `${name}: it fails`);
      t.match(answer(asked), error, `${name}: in these words`);
      const { stdout } = await b.run(["tail", `--bytes=+${logged + 1}`, LOG]);
      fact(`log_${name.replaceAll(/\W/g, "_")}`, stdout.slice(0, 2000));
      if (log !== undefined) {
        const cause = stdout.split("\n").find((line) => log.test(line));
        t.ok(cause, `${name}: libxl's log says why`);
        // Behind the time and the place in the source.
        const words = cause?.replace(/^[-\d:.+ ]+(libxl: \S+ )?/, "") ?? "";
        fact(`cause_${name.replaceAll(/\W/g, "_")}`, words);
      }
      const said = early && isCalledPaused ? "paused" : "running";
      const stay = { way: name, guest: migrating, from: a, to: b, said } as const;
      await step(`${name}: verify`, () => verifyStayed(t, stay));
      if (said === "paused") await setCalledPausedRight(guest.name, a);
      await step(`${name}: mend`, () => mend(pair));
    }

    // Documents say that it is refused: libvirt's QEMU driver does so, and its Xen driver does not look.
    const [own, other] = await step("same UUID", () => shareUuid(a, b));
    t.equal(other, own, "both libvirts start with the same UUID in their configuration");
    const moved = await step("same UUID: migrate", () =>
      migrate(guest, a, b, { flags: ["--p2p"] }),
    );
    await verifyMove(t, fact, { way: "same_uuid", moved, from: a, to: b });
    // Of a disk that QEMU serves nobody asks whether it is there.
    const backends = (await b.run(["xenstore-ls", "-f", "/local/domain/0/backend/qdisk"])).stdout;
    t.match(
      backends,
      /\/state = "1"/,
      "no disk, qdisk: the guest moves, and its disk never connects",
    );
    const model = (await b.run(["cat", `/var/log/xen/qemu-dm-${guest.name}.log`])).stdout;
    t.match(model, /Could not stat file/, "no disk, qdisk: only the device model says why");
  },
);

async function logSize(host: ScenarioHost): Promise<number> {
  return Number((await host.run(["stat", "--format=%s", LOG])).stdout);
}
