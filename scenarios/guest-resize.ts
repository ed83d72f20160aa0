import { scenario, type GuestNow } from "../harness/scenario/index.ts";

const KIB = 1024;
const FULL = 160;
const LESS = 112;
/** What a guest sees of its memory is less than what it was given, by its kernel's own share. */
const SHARE_KIB = 16 * KIB;
/** The guest looks at each tick: what it does not see in so many it never will. */
const PATIENCE_TICKS = 10;

/** Steps in their order, each with what the guest must see of it. */
const CHANGES: readonly [
  name: string,
  ask: string[],
  seen: (now: GuestNow, was: number) => boolean,
][] = [
  ["vcpu added", ["setvcpus", "2"], ({ vcpus }) => vcpus === 2],
  ["vcpu taken", ["setvcpus", "1"], ({ vcpus }) => vcpus === 1],
  [
    "memory taken",
    ["setmem", `${LESS}MiB`],
    ({ memoryKiB }, was) => memoryKiB <= was - (FULL - LESS) * KIB + SHARE_KIB,
  ],
  [
    "memory given back",
    ["setmem", `${FULL}MiB`],
    ({ memoryKiB }, was) => memoryKiB >= was - SHARE_KIB,
  ],
];

const MEMORY = "memory taken, memory given back";

export default scenario(
  {
    title: "The vcpus and the memory of a running guest change, and the guest sees it",
    tags: ["one-host", "lifecycle"],
    needs: {
      guestTypes: ["pv", "pvh", "hvm"],
      guestTypeOf: { mode: { pv: "pv", pvh: "pvh", hvm: "hvm" } },
    },
    deadline: 300,
    axes: { mode: ["pv", "pvh", "hvm"] },
    predicted: [
      { outcome: `1 vcpu, vcpu added, vcpu taken, ${MEMORY}` },
      // Linux since 6.9 has no APIC id for a processor that is offline in a PVH guest's tables.
      {
        axes: { mode: "pvh" },
        xen: ">=4.20",
        outcome: `1 vcpu, vcpu added unseen, vcpu taken, ${MEMORY}`,
        promised: `1 vcpu, vcpu added, vcpu taken, ${MEMORY}`,
      },
      // libxl asks QEMU for more processors, and never for fewer.
      { axes: { mode: "hvm" }, outcome: `1 vcpu, vcpu added, vcpu taken unseen, ${MEMORY}` },
      // Linux 7.2, which sid has beside this libvirt, brings it up no more than a PVH guest's.
      {
        axes: { mode: "hvm" },
        libvirt: ">=12",
        outcome: `1 vcpu, vcpu added unseen, vcpu taken, ${MEMORY}`,
        promised: `1 vcpu, vcpu added, vcpu taken unseen, ${MEMORY}`,
      },
      // K68.
      {
        axes: { mode: "hvm" },
        xen: "<4.15",
        outcome: `1 vcpu, vcpu added refused, vcpu taken, ${MEMORY}`,
      },
    ],
  },
  async (t, { host, axes, fact, step, observe }) => {
    const type = axes["mode"] as "pv" | "pvh" | "hvm";
    const guest = await step("create", () =>
      host.start({
        ...{ type, vcpus: 2, vcpusOnline: 1, memoryMiB: FULL },
        append: "xenloop.watch=yes",
      }),
    );
    const report = await step("guest boots", () => guest.report());
    const outcomes = [report.vcpus === 1 ? "1 vcpu" : `${report.vcpus} vcpus`];
    for (const [name, [command = "", size = ""], seen] of CHANGES) {
      const argv = [command, guest.name, size, "--live"];
      const asked = await step(name, () => host.virsh(argv, { anyStatus: true }));
      if (asked.exitCode !== 0) fact(`refusal_${name.replaceAll(" ", "_")}`, asked.stderr.trim());
      const wanted = (now: GuestNow): boolean => seen(now, report.memoryKiB);
      const became =
        asked.exitCode !== 0
          ? " refused"
          : (await guest.seesWithin(PATIENCE_TICKS, wanted))
            ? ""
            : " unseen";
      outcomes.push(`${name}${became}`);
    }
    observe(outcomes.join(", "));
    t.equal(await guest.state(), "running", "libvirt says it runs");
  },
);
