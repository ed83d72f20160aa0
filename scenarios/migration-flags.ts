import {
  migrate,
  scenario,
  verifyMove,
  type Migration,
  type RunningGuest,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "What migration leaves defined, and how the guest arrives, is as its flags say",
    tags: ["migration", "two-host", "pvh"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 240,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const first = await step("create", () => a.startWorkload({ type: "pvh" }));
    await step("guest ticks", () => first.tick(2));

    const kept = await step("--persistent", () =>
      migrate(first, a, b, { flags: ["--p2p", "--persistent"] }),
    );
    await verifyMove(t, fact, { way: "persistent", moved: kept, from: a, to: b });
    t.equal(await persistent(b, first), "yes", "--persistent: it is defined on the destination");

    const plain = await step("without", () => migrate(kept.guest, b, a, { flags: ["--p2p"] }));
    const left = "shut off";
    await verifyMove(t, fact, { way: "plain", moved: plain, from: b, to: a, left });
    t.equal(await persistent(a, first), "no", "without: it is transient on the destination");
    await b.virsh(["undefine", first.name]);

    const defined = await step("--persistent again", () =>
      migrate(plain.guest, a, b, { flags: ["--p2p", "--persistent"] }),
    );
    const undefined_ = await step("--undefinesource", () =>
      migrate(defined.guest, b, a, { flags: ["--p2p", "--undefinesource"] }),
    );
    await verifyMove(t, fact, { way: "undefinesource", moved: undefined_, from: b, to: a });

    let arrived = "";
    const onArrival = async (guest: RunningGuest): Promise<void> => {
      arrived = await guest.state();
      await b.virsh(["resume", guest.name]);
    };
    const paused: Migration = await step("--suspend", () =>
      migrate(undefined_.guest, a, b, { flags: ["--p2p", "--suspend"], onArrival }),
    );
    t.equal(arrived, "paused", "--suspend: it arrives paused");
    await verifyMove(t, fact, { way: "suspend", moved: paused, from: a, to: b });
  },
);

async function persistent(host: ScenarioHost, { name }: RunningGuest): Promise<string> {
  const { stdout } = await host.virsh(["dominfo", name]);
  return /^Persistent: +(\S+)/m.exec(stdout)?.[1] ?? stdout;
}
