import type { Test } from "tap";
import { inRange } from "../rules/version.ts";
import type { ScenarioContext } from "./context.ts";
import { migrateArgv } from "./migrate.ts";
import { answer, createdDomain } from "./raw-domain.ts";
import type { ScenarioHost } from "./scenario-host.ts";
import { versionsOf } from "./versions.ts";

/** libvirt goes on with the name that its host had when it started. */
const READS_NAME_ONCE = "<9.0.0";
const MIGRATE_MS = 120_000;

/** Calls a host otherwise, and has its libvirt know. */
export async function rename(host: ScenarioHost, name: string): Promise<void> {
  await host.run(["hostname", name]);
  const { libvirt } = await versionsOf(host);
  if (inRange(libvirt, READS_NAME_ONCE)) {
    await host.run(["systemctl", "restart", "libvirtd.service"]);
  }
}

/** Has the second host of a pair resolve its own name to an address; the first to its own. */
export async function resolveOwnName(host: ScenarioHost, own: string): Promise<void> {
  const lines = ["127.0.0.1 localhost", "192.168.77.1 xen-a", `${own} xen-b`, ""];
  await host.run(["tee", "/etc/hosts"], { input: lines.join("\n") });
}

/** Spoils the name of the second host, and asserts that a guest migrates there all the same. */
export async function migratesDespite(
  t: Test,
  { hosts, step }: Pick<ScenarioContext, "hosts" | "step">,
  spoilt: {
    name: string;
    spoil: (destination: ScenarioHost) => Promise<void>;
    refusal: RegExp;
    holds: string;
  },
): Promise<void> {
  const [a, b] = hosts as [ScenarioHost, ScenarioHost];
  const { name, spoil, refusal, holds } = spoilt;
  await step("create", () => createdDomain(t, a, { name, type: "pvh", run: true }));
  await spoil(b);
  t.teardown(() => b.virsh(["destroy", name], { anyStatus: true }));
  const argv = migrateArgv(name, b, { flags: ["--p2p"] });
  const asked = await step("migrate", () =>
    a.virsh(argv, { anyStatus: true, timeoutMs: MIGRATE_MS }),
  );
  const isTaken = t.notMatch(answer(asked), refusal, holds);
  if (isTaken) t.equal(asked.exitCode, 0, "and the guest migrates");
}
