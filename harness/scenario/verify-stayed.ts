import type { Test } from "tap";
import type { RunningGuest } from "../guest/running-guest.ts";
import { readJobInfos } from "./job-info.ts";
import type { ScenarioHost } from "./scenario-host.ts";
import { domains } from "./verify-move.ts";

export interface Stay {
  /** Begins each assertion: what was asked for. */
  way: string;
  guest: RunningGuest;
  from: ScenarioHost;
  to: ScenarioHost;
  /** What libvirt calls the guest, which runs in any case. */
  said?: "running" | "paused";
}

/** Asserts that a migration that was refused or failed left the guest as it was, and nothing else. */
export async function verifyStayed(
  t: Test,
  { way, guest, from, to, said = "running" }: Stay,
): Promise<void> {
  const tick = guest.lastTick ?? 0;
  t.equal(await guest.state(), said, `${way}: what the source's libvirt says of the guest`);
  t.equal(await domains(from, guest.name), 1, `${way}: Xen has it there once`);
  const [job] = readJobInfos((await from.virsh(["domjobinfo", guest.name])).stdout);
  t.equal(job?.type, "None", `${way}: no job is left`);
  const { stdout } = await to.virsh(["list", "--all", "--name"]);
  t.notOk(stdout.split("\n").includes(guest.name), `${way}: the destination's libvirt has nothing`);
  t.equal(await domains(to, guest.name), 0, `${way}: nor has its Xen`);
  t.ok((await guest.tick(tick + 2)) > tick, `${way}: the guest runs on the source`);
}
