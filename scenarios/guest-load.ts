import {
  createdDomain,
  scenario,
  type GuestDisk,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const MEMORY_MIB = 96;
/** What Xen keeps beside a guest's memory, and what must stay free for dom0's own needs. */
const BESIDE_MIB = 8;
const SPARE_MIB = 256;
/**
 * While libxl makes one guest libvirtd's event loop stands still, so that they are made one after
 * the other: on an emulated machine eight at once keep it from answering for longer than the 30 s
 * after which virsh takes it for dead.
 */
const MOST = 4;
const PATIENT = ["--keepalive-interval", "0"];

/** Domains by name, those that do not run too. */
async function domains(host: ScenarioHost): Promise<string[]> {
  return (await host.virsh(["list", "--all", "--name"])).stdout.split("\n").filter(Boolean);
}

/** On a host that lasts there may be guests of somebody else. */
function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((one) => !before.includes(one)).sort();
}

async function freeMiB(host: ScenarioHost): Promise<number> {
  return Number((await host.xl(["info", "free_memory"])).stdout);
}

/** Domains that Xen keeps a grant table for, by its own debug key. */
async function grantTables(host: ScenarioHost): Promise<string[]> {
  await host.xl(["debug-keys", "g"]);
  const log = (await host.xl(["dmesg"])).stdout;
  const dump = log.slice(log.lastIndexOf("gnttab_usage_print_all ["));
  return [...dump.matchAll(/grant-table for remote d(\d+)/g)].map(([, id = ""]) => id);
}

/** A loop device and a QEMU, which can be left behind; more of them are only slower. */
async function disksOf(host: ScenarioHost, index: number): Promise<GuestDisk[]> {
  const format = (["raw", "qcow2"] as const)[index];
  if (format === undefined) return [];
  const { path: source } = await host.disk({ format });
  return [{ source, format, driver: format === "raw" ? "phy" : "qemu", target: "xvda" }];
}

export default scenario(
  {
    title: "Guests are created and destroyed at the same time, and nothing of them is left",
    tags: ["one-host", "load", "pv"],
    needs: { guestTypes: ["pv"] },
    deadline: 480,
    predicted: [{ outcome: "all boot, nothing is left" }],
  },
  async (t, { host, fact, step, observe }) => {
    const others = await domains(host);
    const otherTables = await grantTables(host);
    const before = await freeMiB(host);
    const fits = Math.floor((before - SPARE_MIB) / (MEMORY_MIB + BESIDE_MIB));
    const count = Math.max(2, Math.min(MOST, fits));
    fact("guests", String(count));
    const asked: { name: string; disks: GuestDisk[] }[] = [];
    for (let index = 0; index < count; index += 1) {
      asked.push({ name: `load-${index}`, disks: await disksOf(host, index) });
    }
    const guest = { type: "pv", memoryMiB: MEMORY_MIB } as const;
    const create = (one: (typeof asked)[number]) =>
      createdDomain(t, host, { ...guest, ...one, run: true, patient: true });

    const started = performance.now();
    // Two go as soon as they are there, while others are still being made (K56), and come again.
    const guests = await step("create and destroy", () =>
      Promise.all(
        asked.map(async (one, index) => {
          if (index < 2) {
            await create(one);
            await host.virsh([...PATIENT, "destroy", one.name], { timeoutMs: 120_000 });
          }
          const start = await host.consoleBytes(one.name);
          await create(one);
          return host.follow(host.define({ ...guest, ...one }), start);
        }),
      ),
    );
    const reports = await step("all boot", () => Promise.all(guests.map((one) => one.report())));
    const types = reports.map(({ guestType }) => guestType);
    const listed = added(others, await domains(host));
    const names = asked.map(({ name }) => name);
    t.same(listed, names, "libvirt lists all of them");
    await step("destroy all", () => Promise.all(guests.map((one) => one.destroy())));
    fact("seconds", ((performance.now() - started) / 1000).toFixed(1));

    const left = added(others, await domains(host));
    t.same(left, [], "libvirt has none of them");
    const tables = await grantTables(host);
    t.ok(tables.includes("0"), "Xen tells of its grant tables");
    const leftTables = added(otherTables, tables);
    t.same(leftTables, [], "and has none for any of them");
    const after = await freeMiB(host);
    fact("free_memory_mib", `${before} before, ${after} after`);
    const isFree = Math.abs(after - before) <= 1;
    t.ok(isFree, `their memory is free again: ${after} of ${before} MiB`);
    const isClean = left.length === 0 && leftTables.length === 0 && isFree;
    const boots = types.every((type) => type === "PV") ? "all boot" : types.join(", ");
    observe(`${boots}, ${isClean ? "nothing" : "something"} is left`);
  },
);
