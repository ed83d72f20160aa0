import type { Test } from "tap";
import type { ScenarioContext } from "./context.ts";
import { jobFaults, readJobInfos } from "./job-info.ts";
import type { Migration } from "./migrate.ts";
import type { ScenarioHost } from "./scenario-host.ts";
import { hasPeer } from "./wire-card.ts";

export interface Move {
  /** Begins each assertion and each fact, e.g. `there`. */
  way: string;
  moved: Migration;
  from: ScenarioHost;
  to: ScenarioHost;
  /** What the source lists afterwards: nothing, or a domain that is shut off. */
  left?: "nothing" | "shut off";
}

/** Asserts that a guest is on its new host alone and lost nothing; its figures become facts. */
export async function verifyMove(
  t: Test,
  fact: ScenarioContext["fact"],
  { way, moved, from, to, left = "nothing" }: Move,
): Promise<void> {
  const { continuity, jobs, guest } = moved;
  fact(`${way}_total_ms`, moved.totalMs.toFixed(0));
  fact(`${way}_sent_kib`, String(moved.sentKiB));
  fact(`${way}_downtime_ms`, String(continuity.downtimeMs));
  fact(`${way}_job_polls`, String(jobs.length));
  const [here, there] = await Promise.all([look(to, guest.name), look(from, guest.name)]);
  t.equal(here.state, "running", `${way}: the guest runs on the destination`);
  t.equal(there.state, left, `${way}: what the source has of it`);
  t.equal(there.domains, 0, `${way}: Xen has it on the source no more`);
  t.equal(here.domains, 1, `${way}: and once on the destination`);
  t.same(continuity.lost, [], `${way}: no value of its counter is lost`);
  t.same(continuity.repeated, [], `${way}: no value comes twice`);
  t.same(continuity.damaged, [], `${way}: its memory is as it left it`);
  t.ok(continuity.verified > 0, `${way}: and it looked`);
  t.type(continuity.downtimeMs, "number", `${way}: its pause could be measured`);
  t.same(jobFaults(jobs), [], `${way}: its job could be watched throughout`);
  const [job] = readJobInfos((await to.virsh(["domjobinfo", guest.name])).stdout);
  t.equal(job?.type, "None", `${way}: no job is left`);
  if (hasPeer(guest.definition.cmdline)) {
    // What it says first on its new host it may have heard on the old one.
    const heard = guest.hears(guest.lastTick).catch(String);
    t.equal(await heard, undefined, `${way}: its peer answers it over the network`);
  }
}

/** What libvirt and Xen have of a guest on a host; the two hosts of a move are asked at once. */
async function look(host: ScenarioHost, name: string): Promise<{ state: string; domains: number }> {
  const { stdout, exitCode } = await host.virsh(["domstate", name], { anyStatus: true });
  const state = exitCode === 0 ? stdout.trim() : "nothing";
  return { state, domains: await domains(host, name) };
}

/** How many domains Xen has whose name holds this one; a half-made one is called NAME--incoming. */
export async function domains(host: ScenarioHost, name: string): Promise<number> {
  const { stdout } = await host.xl(["list"]);
  return stdout.split("\n").filter((line) => line.startsWith(name)).length;
}
