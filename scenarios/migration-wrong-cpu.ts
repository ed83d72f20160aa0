import {
  answer,
  detour,
  migrate,
  migrateArgv,
  scenario,
  verifyMove,
  verifyStayed,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const LOG = "/var/log/libvirt/libxl/libxl-driver.log";

/**
 * The record 0x11 of the stream (docs/specs/libxc-migration-stream of Xen), the guest's CPUID
 * policy: its first leaf then says that the guest's processor has leaves which no processor here
 * has, as one from a newer host would.
 */
const CPUID_POLICY = String.raw`
def find(data):
    at = data.find(b"\x11\0\0\0")
    while 0 <= at <= len(data) - 32:
        size, leaf, subleaf = struct.unpack_from("<3I", data, at + 4)
        if (size % 24, leaf, subleaf) == (0, 0, 0xFFFFFFFF) and 0 < size < 4096:
            return at + 16, struct.pack("<I", 0x7F)
        at = data.find(b"\x11\0\0\0", at + 1)
`;

export default scenario(
  {
    title: "A guest whose processor has more than the destination's is refused, and runs on",
    tags: ["migration", "two-host", "pvh", "refusals"],
    // The CPUID policy came into the stream with 4.14.
    needs: { hosts: 2, guestTypes: ["pvh"], xen: ">=4.14" },
    deadline: 240,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
    await step("guest ticks", () => guest.tick(2));

    const way = await step("detour", () => detour(a, b, CPUID_POLICY));
    const options = { flags: ["--p2p"], uri: way.uri };
    const asked = await step("migrate", () =>
      a.virsh(migrateArgv(guest.name, b, options), { anyStatus: true, timeoutMs: 120_000 }),
    );
    fact("migrate_error", answer(asked));
    t.match(answer(asked), /Failed to send migration data to destination host/, "it is refused");
    t.match(await way.passed, "changed", "the guest's processor is another one");
    const log = (await b.run(["cat", LOG])).stdout;
    t.match(
      log,
      /Failed to set CPUID policy: leaf 00000000/,
      "because Xen does not have that leaf",
    );
    await step("verify", () => verifyStayed(t, { way: "refused", guest, from: a, to: b }));

    await way.straight();
    const moved = await step("as it is", () => migrate(guest, a, b, options));
    await verifyMove(t, fact, { way: "there", moved, from: a, to: b });
  },
);
