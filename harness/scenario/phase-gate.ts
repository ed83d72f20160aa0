import type { ScenarioHost } from "./scenario-host.ts";

const HOOK = "/etc/libvirt/hooks/libxl";
const GATES = "/run/xenloop-gates";
const REACH_MS = 120_000;

/**
 * libvirt runs this at points of a migration and waits for it. It stops where there is a gate,
 * once: it tells that it is there, and goes on when it is told to.
 */
const SCRIPT = `#!/bin/sh
cat > /dev/null
gate=${GATES}/$2
[ -p "$gate.reached" ] || exit 0
exec 4<> "$gate.open"
echo "$1" > "$gate.reached"
rm "$gate.reached"
read -r _ <&4
rm -f "$gate.open"
`;

/** Where libvirt's Xen driver can be held, by what it calls the operation. */
export type GatePoint =
  /** Destination: the guest's XML has come, and nothing is there of the guest yet. */
  | "migrate"
  /** Destination: the guest's memory is about to be read. */
  | "start"
  /** Destination: the guest is there, and does not run yet. */
  | "started"
  /** Source: the guest has been destroyed, and libvirt still knows of it. */
  | "stopped";

/** libvirt looks for hooks when it starts, so it is started again. */
export async function installGates(host: ScenarioHost): Promise<void> {
  await host.run(["mkdir", "-p", "/etc/libvirt/hooks", GATES]);
  await host.run(["tee", HOOK], { input: SCRIPT });
  await host.run(["chmod", "+x", HOOK]);
  await host.run(["systemctl", "restart", "libvirtd.service"]);
}

/**
 * Shortens what takes libvirt half a minute and Linux a quarter of an hour: to find that nobody
 * answers any more. libvirt reads its part when it starts.
 */
export async function hasten(host: ScenarioHost): Promise<void> {
  const keepAlive = "\nkeepalive_interval = 2\nkeepalive_count = 3\n";
  await host.run(["tee", "--append", "/etc/libvirt/libxl.conf"], { input: keepAlive });
  await host.run(["sysctl", "-q", "-w", "net.ipv4.tcp_retries2=5", "net.ipv4.tcp_syn_retries=2"]);
}

/** A point at which a migration stops until it is told to go on. */
export class PhaseGate {
  readonly #waiting = new AbortController();
  /** Resolves when the migration has come there. */
  readonly reached: Promise<unknown>;

  private constructor(
    readonly host: ScenarioHost,
    readonly path: string,
  ) {
    const { signal } = this.#waiting;
    this.reached = host.run(["cat", `${path}.reached`], { timeoutMs: REACH_MS, signal });
    // Whoever awaits it hears of it, and nobody has to.
    this.reached.catch(() => undefined);
  }

  /** Needs `installGates`. */
  static async close(host: ScenarioHost, point: GatePoint): Promise<PhaseGate> {
    const path = `${GATES}/${point}`;
    await host.run(["mkfifo", `${path}.reached`, `${path}.open`]);
    return new PhaseGate(host, path);
  }

  /** Lets the migration go on, and any later one through; also when none has come. */
  async open(): Promise<void> {
    const open = `[ ! -p "$1.open" ] || echo go 1<> "$1.open"; rm -f "$1.reached" "$1.open"`;
    await this.host.run(["sh", "-c", open, "sh", this.path]);
    this.#waiting.abort(new Error("the gate is open"));
  }
}
