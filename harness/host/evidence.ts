import { createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { messageOf } from "../base/error.ts";
import { guestConsoleFolder, hostLogFolder } from "./paths.ts";
import { XEN_URI, type BootedHost } from "./booted-host.ts";

/** One thing worth keeping of a host: a file name, and the command in dom0 that prints it. */
interface EvidenceSource {
  kind: string;
  file: string;
  argv: readonly string[];
  /** Also kept when the cell passed. */
  always?: boolean;
  /** Limits it to what is newer than a moment, where the host was there before. */
  sinceOption?: string;
}

const virsh = ["virsh", "--connect", XEN_URI];

/** Where each thread of libvirtd is in dom0's kernel. */
const THREADS = `for thread in /proc/$(cat /run/libvirtd.pid)/task/*; do
  echo "\${thread##*/} $(cat $thread/comm): $(cat $thread/syscall)"
  cat $thread/stack
done`;

/** Everything a libvirt or Xen developer asks for first; the page's own list of logs is in it. */
const SOURCES: readonly EvidenceSource[] = [
  { kind: "xl-info", file: "xl-info.txt", argv: ["xl", "info"], always: true },
  { kind: "xl-dmesg", file: "xl-dmesg.txt", argv: ["xl", "dmesg"], always: true },
  { kind: "xl-list", file: "xl-list.json", argv: ["xl", "list", "--long"] },
  { kind: "dmesg", file: "dmesg.txt", argv: ["dmesg"] },
  {
    kind: "journal",
    file: "journal.txt",
    argv: ["journalctl", "--no-pager", "--merge"],
    sinceOption: "--since=",
  },
  { kind: "xenstore", file: "xenstore.txt", argv: ["xenstore-ls", "-f"] },
  { kind: "domains", file: "virsh-list.txt", argv: [...virsh, "list", "--all"] },
  { kind: "libvirtd-threads", file: "libvirtd-threads.txt", argv: ["sh", "-c", THREADS] },
  { kind: "processes", file: "ps.txt", argv: ["ps", "-eo", "pid,ppid,stat,etimes,rss,args"] },
];

/** Logs in dom0 that are kept as they are: libxl, device models, hotplug, consoles, bootloaders. */
const LOG_FOLDERS = ["/var/log/libvirt/libxl", hostLogFolder];
const DEADLINE_MS = 30_000;
const MAX_UNANSWERED = 2;

export interface Collected {
  kind: string;
  path: string;
}

export interface CollectOptions {
  directory: string;
  /** Everything, as after a failure; otherwise the short set. */
  full: boolean;
  onProblem(message: string): void;
}

/** Copies evidence out of a host; what cannot be read is said and does not stop the rest. */
export async function collectEvidence(
  host: BootedHost,
  { directory, full, onProblem }: CollectOptions,
): Promise<Collected[]> {
  await mkdir(directory, { recursive: true });
  const collected: Collected[] = [];
  let unanswered = 0;
  const keep = async (kind: string, file: string, argv: readonly string[]): Promise<void> => {
    // A dom0 that hangs would cost a deadline for every source.
    if (unanswered >= MAX_UNANSWERED) return;
    const path = join(directory, file);
    const sink = createWriteStream(path);
    const written = finished(sink);
    written.catch(() => undefined);
    try {
      await host.run(argv, {
        anyStatus: true,
        timeoutMs: DEADLINE_MS,
        onStdout: (chunk) => void sink.write(chunk),
      });
    } catch (error) {
      unanswered += 1;
      onProblem(`evidence ${file} is missing: ${messageOf(error)}`);
    }
    sink.end();
    try {
      await written;
    } catch (error) {
      onProblem(`evidence ${file} is not whole: ${messageOf(error)}`);
    }
    const kept = await stat(path).catch(() => undefined);
    if (kept && kept.size > 0) collected.push({ kind, path });
  };
  const { lasting } = host.handle;
  for (const { kind, file, argv, always, sinceOption } of SOURCES) {
    const since = lasting && sinceOption ? [`${sinceOption}@${lasting.since}`] : [];
    if (full || always) await keep(kind, file, [...argv, ...since]);
  }
  for (const log of await listLogs(host, full, onProblem)) {
    const file = log.slice("/var/log/".length).replaceAll("/", "-");
    await keep(kindOf(log), file, ["cat", log]);
  }
  if (full) {
    for (const domain of await listDomains(host)) {
      await keep("domain-xml", `domain-${domain}.xml`, [...virsh, "dumpxml", domain]);
    }
  }
  return collected;
}

async function listLogs(
  host: BootedHost,
  full: boolean,
  onProblem: (message: string) => void,
): Promise<string[]> {
  const folders = full ? LOG_FOLDERS : [guestConsoleFolder];
  const { lasting } = host.handle;
  const foreign = new Set(lasting?.guests.map((name) => `${guestConsoleFolder}/guest-${name}.log`));
  const newer = lasting ? ["-newermt", `@${lasting.since}`] : [];
  const argv = ["find", ...folders, "-type", "f", "-size", "+0", ...newer];
  try {
    const { stdout } = await host.run(argv, { anyStatus: true, timeoutMs: DEADLINE_MS });
    return stdout
      .split("\n")
      .filter((path) => path !== "" && !foreign.has(path))
      .sort();
  } catch (error) {
    onProblem(`the logs of dom0 cannot be listed: ${messageOf(error)}`);
    return [];
  }
}

async function listDomains(host: BootedHost): Promise<string[]> {
  const listed = await host
    .virsh(["list", "--all", "--name"], { anyStatus: true, timeoutMs: DEADLINE_MS })
    .catch(() => undefined);
  const names = listed?.stdout.split("\n").map((name) => name.trim()) ?? [];
  const others = ["", "Domain-0", ...(host.handle.lasting?.guests ?? [])];
  return names.filter((name) => !others.includes(name));
}

function kindOf(log: string): string {
  if (log.startsWith(guestConsoleFolder)) return "guest-console";
  if (log.endsWith(".xml")) return "domain-xml";
  if (log.includes("/qemu-dm-")) return "qemu-dm";
  if (log.includes("xen-hotplug")) return "xen-hotplug";
  if (log.includes("/bootloader.")) return "bootloader";
  return log.includes("/libxl/") ? "libxl" : "xen-log";
}
