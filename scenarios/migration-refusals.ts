import {
  answer,
  migrate,
  scenario,
  verifyMove,
  verifyStayed,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const TO = "xen+tcp://xen-b/system";

/** More than virsh and the daemons say to each other before the guest's memory. */
const FLOWS_KIB = 4096;

interface Refusal {
  name: string;
  /** The command of virsh; the guest's name takes the place of GUEST. */
  argv: readonly string[];
  error: string;
}

/** What libvirt's Xen driver does not have in any version, and in which words it says so. */
const REFUSALS: readonly Refusal[] = [
  {
    // As Nova has asked for it since Newton.
    name: "direct",
    argv: ["migrate", "--live", "--direct", "GUEST", "xenmigr://xen-b/system"],
    error: "argument unsupported: direct migration is not supported by the source host",
  },
  {
    name: "copy-storage-all",
    argv: ["migrate", "--live", "--p2p", "--copy-storage-all", "GUEST", TO],
    error: "unsupported flags (0x40) in function libxlDomainMigratePerform3Params",
  },
  {
    name: "copy-storage-inc",
    argv: ["migrate", "--live", "--p2p", "--copy-storage-inc", "GUEST", TO],
    error: "unsupported flags (0x80) in function libxlDomainMigratePerform3Params",
  },
  {
    name: "managed copy-storage-all",
    argv: ["migrate", "--live", "--copy-storage-all", "GUEST", TO],
    error: "unsupported flags (0x40) in function libxlDomainMigrateBegin3Params",
  },
  {
    name: "completed statistics",
    argv: ["domjobinfo", "GUEST", "--completed"],
    error: "unsupported flags (0x1) in function libxlDomainGetJobStats",
  },
];

export default scenario(
  {
    title: "What libvirt cannot do of migration on Xen is refused, and the guest runs on",
    tags: ["migration", "two-host", "pvh", "refusals"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 240,
  },
  async (t, { hosts, wire, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
    await step("guest ticks", () => guest.tick(2));
    for (const { name, argv, error } of REFUSALS) {
      const asked = argv.map((word) => (word === "GUEST" ? guest.name : word));
      const said = await step(name, () => a.virsh(asked, { anyStatus: true }));
      fact(`error_${name.replaceAll(/\W/g, "_")}`, answer(said));
      t.equal(said.exitCode, 1, `${name}: it fails`);
      t.match(answer(said), error, `${name}: in these words`);
    }
    await step("verify", () => verifyStayed(t, { way: "refused", guest, from: a, to: b }));

    const [moved, abort] = await step("abort while it migrates", () =>
      Promise.all([
        migrate(guest, a, b, { flags: ["--p2p"] }),
        // While its memory flows there is a job to abort.
        wire
          .carries(a, FLOWS_KIB)
          .then(() => a.virsh(["domjobabort", guest.name], { anyStatus: true })),
      ]),
    );
    fact("error_abort", answer(abort));
    t.match(
      answer(abort),
      "this function is not supported by the connection driver: virDomainAbortJob",
      "abort: in these words",
    );
    await step("verify again", () => verifyMove(t, fact, { way: "there", moved, from: a, to: b }));
  },
);
