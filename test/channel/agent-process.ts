import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import type { Test } from "tap";
import { ChannelTransport } from "../../harness/channel/channel-client.ts";

const AGENT = fileURLToPath(new URL("../../images/agent/xenloop-agent.py", import.meta.url));
export const TIMEOUT = { timeoutMs: 10_000 };

/** Resolves when a process is gone or a zombie that init has yet to reap. */
export async function ended(pid: number): Promise<void> {
  for (;;) {
    const stat = readStat(pid);
    if (stat === "" || /\) Z /.test(stat)) return;
    await delay(5);
  }
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

/** A temporary directory whose path leaves room in the 108 bytes of a socket's. */
export function socketDir(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), "xenloop-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The real agent on a unix socket; killed when the test ends. */
export class AgentProcess {
  readonly socketPath: string;
  #process: ChildProcess;

  constructor(t: Test) {
    this.socketPath = join(socketDir(t), "agent");
    this.#process = this.#spawn();
    t.teardown(() => this.kill());
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  /** As systemd does after its death. */
  restart(): void {
    this.#process = this.#spawn();
  }

  async connect(t: Test): Promise<ChannelTransport> {
    const channel = await ChannelTransport.connect(this.socketPath, TIMEOUT);
    t.teardown(() => channel.close());
    return channel;
  }

  /** Peak resident memory in bytes. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  #spawn(): ChildProcess {
    // A socket file left by a killed agent must not stop the next one.
    const script = 'rm -f -- "$2"; exec python3 -BES "$1" "listen:$2"';
    return spawn("sh", ["-c", script, "sh", AGENT, this.socketPath], { stdio: "inherit" });
  }
}

/**
 * What QEMU does with a virtio-serial port: serves one client at a time on a unix socket, and
 * keeps that connection while the agent in the guest goes and comes back.
 */
export class VirtioPort {
  readonly socketPath: string;
  #client: Socket | undefined;
  #guest: Socket | undefined;

  private constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  static async open(t: Test, agent: AgentProcess): Promise<VirtioPort> {
    const port = new VirtioPort(`${agent.socketPath}.port`);
    const server = createServer({ pauseOnConnect: true }, (client) => {
      port.#client = client;
      client.on("close", () => port.#guest?.destroy()).on("error", () => {});
      void port.#joinGuest(client, agent);
    });
    server.listen(port.socketPath);
    await once(server, "listening");
    t.teardown(() => {
      port.#client?.destroy();
      server.close();
    });
    return port;
  }

  toAgent(bytes: Buffer): void {
    this.#guest?.write(bytes);
  }

  toClient(bytes: Buffer): void {
    this.#client?.write(bytes);
  }

  async #joinGuest(client: Socket, agent: AgentProcess): Promise<void> {
    while (!client.destroyed) {
      const guest = createConnection(agent.socketPath);
      guest.on("error", () => {});
      guest.on("connect", () => {
        this.#guest = guest;
        guest.on("data", (bytes) => client.write(bytes));
        client.on("data", (bytes) => guest.write(bytes)).resume();
      });
      await new Promise((resolve) => guest.on("close", resolve));
      client.pause().removeAllListeners("data");
      await delay(5);
    }
  }
}
