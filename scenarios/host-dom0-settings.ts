import { scenario } from "../harness/scenario/index.ts";

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
  return {
    memoryKiB: memory === undefined ? undefined : sizeKiB(memory),
    maxKiB: max === undefined ? undefined : sizeKiB(max),
    vcpus: Number(value("dom0_max_vcpus") ?? Number.NaN),
    pinned: words.includes("dom0_vcpus_pin"),
  };
}

const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
const near = (a: number, b: number): boolean => Math.abs(a - b) <= MEBIBYTE_KIB;

export default scenario(
  {
    title: "dom0 has the memory and processors of Xen's command line, by xl, xenstore and libvirt",
    tags: ["one-host", "dom0"],
    deadline: 120,
  },
  async (t, { host, fact, step }) => {
    const info = (await step("xl info", () => host.xl(["info"]))).stdout;
    const commandLine = /^xen_commandline *: (.*)$/m.exec(info)?.[1] ?? "";
    fact("xen_commandline", commandLine);
    const { memoryKiB, maxKiB, vcpus, pinned } = promised(commandLine);
    const libvirt = (await host.virsh(["dominfo", "Domain-0"])).stdout;

    if (memoryKiB !== undefined) {
      const listed = (await host.xl(["list", "0"])).stdout;
      const xl = number(listed, /^Domain-0 +0 +(\d+) /m) * MEBIBYTE_KIB;
      t.ok(near(xl, memoryKiB), `xl says ${xl} KiB of ${memoryKiB}`);
      // libxl writes it when it is first asked for it.
      await host.xl(["list", "--long", "0"]);
      const store = await host.run(["xenstore-read", "/local/domain/0/memory/target"]);
      const target = Number(store.stdout);
      t.ok(near(target, memoryKiB), `xenstore says ${target} KiB`);
      const used = number(libvirt, /^Used memory: +(\d+) KiB/m);
      t.ok(near(used, memoryKiB), `libvirt says ${used} KiB`);
    }
    const most = number(libvirt, /^Max memory: +(\d+) KiB/m);
    fact("max_memory_kib", String(most));
    const machine = number(info, /^total_memory *: (\d+)/m) * MEBIBYTE_KIB;
    if (maxKiB !== undefined) t.ok(near(most, maxKiB), `libvirt says at most ${most} KiB`);
    else t.ok(most >= machine - 64 * MEBIBYTE_KIB, `without max: ${most} KiB, the whole machine`);

    const rows = (await host.xl(["vcpu-list", "0"])).stdout.trim().split("\n").slice(1);
    t.equal(rows.length, vcpus, "xl lists as many processors");
    const online = await host.run(["nproc", "--all"]);
    t.equal(Number(online.stdout), vcpus, "dom0's kernel has as many");
    t.equal(number(libvirt, /^CPU\(s\): +(\d+)/m), vcpus, "libvirt says as many");

    const hard = rows.map((row) => row.trim().split(/\s+/).at(-3));
    fact("affinity", hard.join(" "));
    for (const affinity of hard) {
      if (pinned) t.match(affinity, /^\d+$/, "pinned to one processor");
      else t.equal(affinity, "all", "not pinned");
    }
    const pins = (await host.virsh(["vcpupin", "Domain-0"])).stdout;
    const libvirtPins = [...pins.matchAll(/^ *\d+ +(\S+)$/gm)].map(([, cpus]) => cpus);
    t.equal(libvirtPins.length, vcpus, "libvirt knows where each runs");
    if (pinned) for (const pin of libvirtPins) t.match(pin, /^\d+$/, "on one processor");
  },
);
