import { answer, createDomain, scenario, xlCreate } from "../harness/scenario/index.ts";
import type { ScenarioHost } from "../harness/scenario/index.ts";

const MEBIBYTE_KIB = 1024;

/** `1536M` or `2G` in KiB. */
function sizeKiB(size: string): number {
  const [, number = "", unit = ""] = /^(\d+)([MG])$/.exec(size) ?? [];
  return Number(number) * MEBIBYTE_KIB * (unit === "G" ? 1024 : 1);
}

/** What Xen's own command line promises of dom0. */
function promised(commandLine: string) {
  const words = commandLine.split(/\s+/);
  const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.split("=")[1];
  const parts = value("dom0_mem")?.split(",") ?? [];
  const memory = parts.find((part) => !part.includes(":"));
  const max = parts.find((part) => part.startsWith("max:"))?.slice("max:".length);
  const vcpus = value("dom0_max_vcpus");
  return {
    memoryKiB: memory === undefined ? undefined : sizeKiB(memory),
    maxKiB: max === undefined ? undefined : sizeKiB(max),
    vcpus: vcpus === undefined ? undefined : Number(vcpus),
    pinned: words.includes("dom0_vcpus_pin"),
  };
}

const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
const near = (a: number, b: number): boolean => Math.abs(a - b) <= MEBIBYTE_KIB;

/** dom0's memory and its maximum in KiB, as each of the three tells them. */
async function dom0Memory(host: ScenarioHost) {
  const listed = (await host.xl(["list", "0"])).stdout;
  // libxl writes both into xenstore when it is first asked for them.
  const long = (await host.xl(["list", "--long", "0"])).stdout;
  const paths = ["target", "static-max"].map((name) => `/local/domain/0/memory/${name}`);
  const store = (await host.run(["xenstore-read", ...paths])).stdout.trim().split("\n");
  const libvirt = (await host.virsh(["dominfo", "Domain-0"])).stdout;
  return {
    now: {
      xl: number(listed, /^Domain-0 +0 +(\d+) /m) * MEBIBYTE_KIB,
      xenstore: Number(store[0]),
      libvirt: number(libvirt, /^Used memory: +(\d+) KiB/m),
    },
    most: {
      xl: number(long, /"max_memkb": (\d+)/),
      xenstore: Number(store[1]),
      libvirt: number(libvirt, /^Max memory: +(\d+) KiB/m),
    },
  };
}

/** What two toolstacks do about a guest that does not fit beside dom0. */
const REFUSED = "refused, dom0 as it was";
const GAVE = "created, dom0 gave memory";
const inWords = (libvirt: string, xl: string): string => `libvirt: ${libvirt}; xl: ${xl}`;

const fewer = (online: number, vcpus: number): string =>
  `dom0's Linux has ${online} of ${vcpus} processors; `;

export default scenario(
  {
    title: "dom0 has the memory and processors of Xen's command line, by xl, xenstore and libvirt",
    tags: ["one-host", "dom0"],
    deadline: 240,
    axes: { dom0: ["host", "page", "unlimited"] },
    dom0: {
      // As OpenStack's page has it: no max:, and more processors than the machine has.
      page: { mem: "1024M", maxVcpus: 4, vcpusPin: true },
      unlimited: { mem: "" },
    },
    predicted: [
      // Where dom0_mem is given, both leave dom0 alone; without it dom0 has all memory.
      { outcome: inWords(REFUSED, REFUSED) },
      { axes: { dom0: "unlimited" }, outcome: inWords(GAVE, GAVE) },
      // Linux since 6.9 has no more than the machine's own tables tell of, which are two.
      {
        axes: { dom0: "page" },
        xen: ">=4.20",
        outcome: fewer(2, 4) + inWords(REFUSED, REFUSED),
        promised: inWords(REFUSED, REFUSED),
      },
      // It miscounts, and fails (K01).
      { axes: { dom0: "unlimited" }, libvirt: ">=7.3 <11", outcome: inWords(REFUSED, GAVE) },
    ],
  },
  async (t, { host, fact, step, observe }) => {
    const info = (await step("xl info", () => host.xl(["info"]))).stdout;
    const commandLine = /^xen_commandline *: (.*)$/m.exec(info)?.[1] ?? "";
    fact("xen_commandline", commandLine);
    const machineCpus = number(info, /^nr_cpus *: (\d+)/m);
    // Without dom0_max_vcpus it has as many processors as the machine.
    const { memoryKiB, maxKiB, vcpus = machineCpus, pinned } = promised(commandLine);
    const machine = number(info, /^total_memory *: (\d+)/m) * MEBIBYTE_KIB;

    const { now: before, most } = await step("dom0's memory", () => dom0Memory(host));
    fact("dom0_memory_kib", JSON.stringify(before));
    fact("max_memory_kib", JSON.stringify(most));
    if (memoryKiB !== undefined) {
      for (const [place, kib] of Object.entries(before)) {
        t.ok(near(kib, memoryKiB), `${place} says ${kib} KiB of ${memoryKiB}`);
      }
    } else {
      t.ok(before.xl > machine * 0.8, `without dom0_mem: ${before.xl} of ${machine} KiB`);
      t.ok(near(before.libvirt, before.xl), `libvirt says ${before.libvirt} KiB`);
      t.ok(near(before.xenstore, before.xl), `xenstore says ${before.xenstore} KiB`);
    }
    if (maxKiB !== undefined) {
      for (const [place, kib] of Object.entries(most)) {
        t.ok(near(kib, maxKiB), `${place} says at most ${kib} KiB of ${maxKiB}`);
      }
    } else {
      // xl and xenstore have Xen's own number then, which stands for no limit.
      const isWhole = most.libvirt >= machine - 64 * MEBIBYTE_KIB;
      t.ok(isWhole, `without max: libvirt says ${most.libvirt} KiB, the whole machine`);
    }

    const rows = (await host.xl(["vcpu-list", "0"])).stdout.trim().split("\n").slice(1);
    t.equal(rows.length, vcpus, "xl lists as many processors");
    const online = Number((await host.run(["nproc", "--all"])).stdout);
    const few = online === vcpus ? "" : fewer(online, vcpus);
    const libvirt = (await host.virsh(["dominfo", "Domain-0"])).stdout;
    t.equal(number(libvirt, /^CPU\(s\): +(\d+)/m), online, "libvirt says as many as Linux has");

    const hard = rows.map((row) => row.trim().split(/\s+/).at(-3));
    fact("affinity", hard.join(" "));
    for (const affinity of hard) {
      if (pinned) t.match(affinity, /^\d+$/, "pinned to one processor");
      else t.equal(affinity, "all", "not pinned");
    }
    const pins = (await host.virsh(["vcpupin", "Domain-0"])).stdout;
    const libvirtPins = [...pins.matchAll(/^ *\d+ +(\S+)$/gm)].map(([, cpus]) => cpus);
    t.equal(libvirtPins.length, vcpus, "libvirt lists each");
    fact("libvirt_pins", libvirtPins.join(" "));
    // Xen's word counts: libvirt tells what it pinned itself, which of dom0 is nothing.
    for (const pin of libvirtPins)
      t.equal(pin, `0-${machineCpus - 1}`, "libvirt does not know of the pinning");

    // Memory is short: a guest is asked for that is larger than what is free.
    const free = number(info, /^free_memory *: (\d+)/m);
    const memoryMiB = memoryKiB === undefined ? Math.max(free, 0) + 256 : free + 64;
    const whatBecame = async (created: boolean, target: number): Promise<string> => {
      const gave = (await dom0Memory(host)).now.xl < target - MEBIBYTE_KIB;
      return `${created ? "created" : "refused"}, dom0 ${gave ? "gave memory" : "as it was"}`;
    };
    const asked = { type: "pv", memoryMiB } as const;
    const byLibvirt = await step("libvirt creates", () =>
      createDomain(t, host, { ...asked, name: "short-libvirt" }),
    );
    fact("libvirt_answer", answer(byLibvirt));
    const libvirtDid = await whatBecame(byLibvirt.exitCode === 0, before.xl);
    await host.virsh(["destroy", "short-libvirt"], { anyStatus: true });
    const left = number((await host.xl(["info"])).stdout, /^free_memory *: (\d+)/m);
    const { kernel = "", initrd = "" } = host.define({ type: "pv" });
    const larger = memoryKiB === undefined ? Math.max(left, 0) + 256 : left + 64;
    const target = (await dom0Memory(host)).now.xl;
    const byXl = await step("xl creates", () =>
      xlCreate(t, host, "short-xl", [
        `memory=${larger}`,
        `kernel="${kernel}"`,
        `ramdisk="${initrd}"`,
      ]),
    );
    fact("xl_answer", answer(byXl));
    const xlDid = await whatBecame(byXl.exitCode === 0, target);
    observe(few + inWords(libvirtDid, xlDid));
  },
);
