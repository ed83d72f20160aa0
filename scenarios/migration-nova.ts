import {
  migrate,
  novaDecides,
  readJobInfos,
  scenario,
  verifyMove,
  watchJob,
  type JobInfo,
  type NovaDecision,
  type RunningGuest,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "Nova's monitor comes to the right end of a migration that fails and of one that works",
    tags: ["migration", "two-host", "pvh", "nova"],
    needs: { hosts: 2, guestTypes: ["pvh"], libvirt: ">=4.8.0" },
    deadline: 300,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
    await step("guest ticks", () => guest.tick(2));

    // Nothing listens there, so the data has nowhere to go.
    const nowhere = ["migrate", "--live", "--p2p", "--migrateuri", "tcp://127.0.0.1:9"];
    const failing = await step("a migration that fails", () =>
      watchJob(a, guest.name, () =>
        a.virsh([...nowhere, guest.name, "xen+tcp://xen-b/system"], { anyStatus: true }),
      ),
    );
    t.not(failing.result.exitCode, 0, "it fails");
    t.equal(await ending(a, guest), "failed", "Nova takes it for failed");
    t.same(wrong(failing.jobs), [], "and has not taken it for anything else before");

    const moved = await step("a migration that works", () =>
      migrate(guest, a, b, { flags: ["--p2p", "--persistent"] }),
    );
    t.ok(
      moved.jobs.some(({ type }) => type === "Unbounded"),
      "Nova sees that it runs",
    );
    t.equal(await ending(a, guest), "completed", "Nova takes it for completed");
    t.same(wrong(moved.jobs, "completed"), [], "and has not taken it for failed before");
    await verifyMove(t, fact, { way: "there", moved, from: a, to: b });

    // Where it is defined it stays known, and is shut off.
    const back = await step("from where it is defined", () =>
      migrate(moved.guest, b, a, { flags: ["--p2p"] }),
    );
    t.equal(await ending(b, guest), "completed", "Nova takes it for completed there too");
    t.same(wrong(back.jobs, "completed"), [], "and not before");
    await verifyMove(t, fact, { way: "back", moved: back, from: b, to: a, left: "shut off" });
    await b.virsh(["undefine", guest.name]);
  },
);

/** Answers that would have ended Nova's monitor too early, and wrongly. */
function wrong(jobs: readonly JobInfo[], end?: NovaDecision): JobInfo[] {
  const view = { over: false, active: true };
  const goesOn = ["not started", "running", end];
  return jobs.filter((job) => !goesOn.includes(novaDecides(job, view)));
}

/** What Nova decides once its call has come back. */
async function ending(source: ScenarioHost, guest: RunningGuest): Promise<string> {
  const answer = await source.virsh(["domjobinfo", guest.name], { anyStatus: true });
  const [job] = readJobInfos(answer.stdout + answer.stderr);
  const { stdout } = await source.virsh(["list", "--name"]);
  const active = stdout.split("\n").includes(guest.name);
  return novaDecides(job ?? { type: "unreadable", elapsedMs: 0 }, { over: true, active });
}
