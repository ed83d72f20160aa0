import type { MigrateOptions } from "./migrate.ts";
import type { ScenarioHost } from "./scenario-host.ts";

/** Who drives a migration, and which way the guest's memory takes. */
export const MIGRATION_MODES = ["managed", "ssh", "p2p", "migrateuri", "tunnelled"] as const;
export type MigrationMode = (typeof MIGRATION_MODES)[number];

/** Address of a host of a pair on the wire that joins them. */
export async function wireAddress(host: ScenarioHost): Promise<string> {
  const { stdout } = await host.run(["getent", "hosts", host.hostname]);
  return stdout.trim().split(/\s+/)[0] ?? "";
}

/** What `virsh migrate` is told for a mode. */
export async function modeOptions(mode: MigrationMode, to: ScenarioHost): Promise<MigrateOptions> {
  switch (mode) {
    case "managed":
      // virsh speaks to both daemons, and they do not speak to each other.
      return { flags: [] };
    case "ssh":
      return { flags: [], uri: `xen+ssh://${to.hostname}/system` };
    case "p2p":
      return { flags: ["--p2p"] };
    case "tunnelled":
      // Through the connection of the daemons instead of one of its own.
      return { flags: ["--p2p", "--tunnelled"] };
    case "migrateuri":
      // Without it the destination tells its own name, whatever that resolves to.
      return { flags: ["--p2p", "--migrateuri", `tcp://${await wireAddress(to)}`] };
  }
}

/** Which pages a running PV guest writes to is known to Xen's shadow code alone. */
export async function canMigrateLive(host: ScenarioHost, type: string): Promise<boolean> {
  if (type !== "pv") return true;
  return (await host.xl(["info", "virt_caps"])).stdout.trim().split(" ").includes("shadow");
}
