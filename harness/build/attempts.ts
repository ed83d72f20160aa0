import { printable } from "../base/terminal-codes.ts";
import type { Exceeded } from "./exceeded.ts";
import type { SandboxLimits } from "./sandbox-argv.ts";

/** Something a build tried beyond what it may; it got nowhere. */
export interface Attempt {
  what: "environment" | "network" | "disk" | "processes" | "memory" | "time" | "outside";
  /** One sentence, `it …`. */
  sentence: string;
}

export interface AttemptTraces {
  /** What it printed. */
  said: string;
  /** Value of the variable that looks like a secret. */
  decoy: string;
  /** Counters of its network, `/proc/net/snmp`, as read at several times. */
  snmp: readonly string[];
  limits: SandboxLimits;
  /** Most processes at once. */
  processes: number;
  exceeded?: Exceeded;
}

const LONGEST = 160;

/** What programs say when the sandbox refuses them something. */
const SAID: readonly { what: Attempt["what"]; line: RegExp; sentence: string }[] = [
  {
    what: "network",
    line: /network is unreachable|name resolution|could not resolve host|name or service not known/i,
    sentence: "it tries to reach the network",
  },
  {
    what: "outside",
    line: /read-only file system|permission denied|operation not permitted/i,
    sentence: "it tries what its user may not, or to write outside its tree",
  },
  {
    what: "disk",
    line: /no space left on device|file too large|file size limit exceeded/i,
    sentence: "it tries to write more than it may",
  },
  {
    what: "processes",
    line: /cannot fork|can't fork|fork: retry|resource temporarily unavailable/i,
    sentence: "it tries to start more processes than it may",
  },
  {
    what: "memory",
    line: /cannot allocate memory|\bMemoryError\b|virtual memory exhausted/i,
    sentence: "it tries to take more memory than it may",
  },
];

/** What a build tried, from its words, from the kernel's counters and from its limits. */
export function attemptsIn(traces: AttemptTraces): Attempt[] {
  const { said, decoy, snmp, limits, processes, exceeded } = traces;
  const attempts: Attempt[] = [];
  const add = (what: Attempt["what"], sentence: string): void => {
    if (attempts.every((attempt) => attempt.what !== what)) attempts.push({ what, sentence });
  };
  if (said.includes(decoy)) {
    add("environment", "it prints a variable of its environment that looks like a secret: a decoy");
  }
  const packets = Math.max(0, ...snmp.map(refusedPackets));
  if (packets > 0) {
    add("network", `it tries to reach the network: the kernel refused it ${packets} times`);
  }
  if (exceeded && exceeded.limit !== "output") add(exceeded.limit, exceeded.detail);
  // Its first processes are the sandbox's own.
  if (processes >= limits.processes) {
    add("processes", `it starts ${processes} processes at once, ${limits.processes} are allowed`);
  }
  const lines = said.split("\n");
  for (const { what, line, sentence } of SAID) {
    const found = lines.find((text) => line.test(text));
    if (found !== undefined) add(what, `${sentence}: ${shortened(found)}`);
  }
  return attempts;
}

/** Packets that had no way out, and those to services that are not there. */
function refusedPackets(snmp: string): number {
  return counter(snmp, "Ip", "OutNoRoutes") + counter(snmp, "Udp", "NoPorts");
}

/** The table has a line of names and a line of values for each protocol. */
function counter(snmp: string, protocol: string, name: string): number {
  const [names = [], values = []] = snmp
    .split("\n")
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(" "));
  const at = names.indexOf(name);
  return at === -1 ? 0 : Number(values[at] ?? 0);
}

function shortened(line: string): string {
  const text = printable(line.replace(/\s+/g, " ").trim());
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
