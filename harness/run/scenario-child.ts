import { mkdirSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { messageOf, XenloopError } from "../base/error.ts";
import { BootedHost } from "../host/booted-host.ts";
import { predictedFor } from "../plan/predicted.ts";
import { LeakCheck } from "../scenario/leaks.ts";
import { ScenarioHost, type ScenarioContext, type ScenarioDefinition } from "../scenario/index.ts";
import { Wire } from "../scenario/wire.ts";
import { liveLacks } from "./live-lacks.ts";
import { MESSAGE_FD, type ChildJob, type ChildMessage } from "./child-protocol.ts";
import { MachineRequests } from "./machine-requests.ts";

/** The process of one scenario: joins its hosts, runs the body, prints TAP on standard output. */

class Skipped extends Error {}

function say(message: ChildMessage): void {
  writeSync(MESSAGE_FD, JSON.stringify(message) + "\n");
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  say({ type: "step-started", name });
  const started = performance.now();
  try {
    return await work();
  } finally {
    say({ type: "step-ended", name, ms: performance.now() - started });
  }
}

interface Surroundings {
  job: ChildJob;
  meta: ScenarioDefinition["meta"];
  hosts: ScenarioHost[];
  signal: AbortSignal;
}

function contextFor(t: Test, { job, meta, hosts, signal }: Surroundings): ScenarioContext {
  const [host] = hosts;
  if (!host) throw new TypeError("a scenario has at least one host");
  const fact = (name: string, value: string): void => say({ type: "fact", name, value });
  const predicted = predictedFor(meta, job.axes, job.runsOn);
  if (predicted) fact("predicted", predicted.promised ?? predicted.outcome);
  return {
    host,
    hosts,
    wire: new Wire(hosts),
    axes: job.axes,
    signal,
    step,
    fact,
    observe: (outcome) => {
      fact("observed", outcome);
      if (predicted) t.equal(outcome, predicted.outcome, "what is observed was predicted");
    },
    skip: (reason) => {
      throw new Skipped(reason);
    },
    attach: async (name, content) => {
      mkdirSync(job.evidenceDirectory, { recursive: true });
      const path = join(job.evidenceDirectory, basename(name));
      await writeFile(path, content);
      say({ type: "attached", path });
    },
  };
}

function explain(error: unknown): void {
  if (error instanceof Skipped) return say({ type: "skipped", reason: error.message });
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const common = { type: "thrown" as const, message: messageOf(error), stack };
  if (error instanceof XenloopError) say({ ...common, kind: error.kind, code: error.code });
  else say({ ...common, kind: "bug" });
}

interface ScenarioModule {
  default: ScenarioDefinition;
}

async function main(scenarioFile: string): Promise<void> {
  // The deadline is the runner's: it knows the machine's speed. tap's own is 30 s.
  t.setTimeout(0);
  const loading = import(pathToFileURL(scenarioFile).href) as Promise<ScenarioModule>;
  // Told when there is a job; nobody asks before.
  loading.catch(() => undefined);
  const asked = await text(process.stdin);
  // No host came up, or the runner is gone.
  if (asked === "") return;
  const job = JSON.parse(asked) as ChildJob;
  const machines = new MachineRequests(say, () => process.kill(0, "SIGKILL"));
  const module = await loading;
  const booted = await Promise.all(
    job.handles.map((handle) => BootedHost.attach(handle, job.attachTimeoutMs)),
  );
  const hosts = booted.map((host) => {
    const { hostname } = host.handle;
    return new ScenarioHost(host, job.keepsGuests, (action) => machines.ask(hostname, action));
  });
  const leaks = await Promise.all(booted.map((host) => LeakCheck.begin(host)));
  let threw = false;
  const ended = new AbortController();
  process.once("SIGTERM", () => ended.abort(new Error("the deadline passed")));
  await t.test(job.title, { timeout: 0 }, async (inner) => {
    try {
      const [lacking] = liveLacks(module.default.meta.needs, job);
      if (lacking !== undefined) throw new Skipped(lacking);
      const surroundings = { job, meta: module.default.meta, hosts, signal: ended.signal };
      await module.default.body(inner, contextFor(inner, surroundings));
    } catch (error) {
      threw = true;
      explain(error);
    }
  });
  for (const host of hosts) await host.destroyGuests();
  // A body that broke off or does not hold has its own reason, and may not have tidied up.
  const isTidy = !threw && t.passing() && !job.keepsGuests;
  if (isTidy) await Promise.all(leaks.map((leak) => leak.end().catch(explain)));
  for (const host of booted) await host.detach();
  say({ type: "finished" });
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  explain(error);
  process.exitCode = 1;
});
