import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describeExit, lastLines, ToolMissing } from "../base/process-errors.ts";
import { startDaemon, type ProcessHandle } from "../base/process.ts";
import { processStartTime } from "../base/process-identity.ts";
import { isRoot } from "../base/root.ts";
import { createSocketDir, type SocketDir } from "../machine/socket-dir.ts";
import { LibvirtdFailed, VagrantMissing } from "./errors.ts";

const UP_SECONDS = 30;
const LOOK_AGAIN_MS = 50;

/**
 * A libvirt daemon of this run alone, in session mode: its sockets, configuration and machines are
 * below directories of ours, and it touches no network and no firewall.
 */
export class PrivateLibvirt {
  private constructor(
    /** For everybody who is to find this daemon at `qemu:///session`. */
    readonly env: Record<string, string>,
    readonly prefix: readonly string[],
    readonly process: ProcessHandle,
    readonly sockets: SocketDir,
  ) {}

  /** @throws {VagrantMissing | LibvirtdFailed} */
  static async start(directory: string, log: string): Promise<PrivateLibvirt> {
    const sockets = await createSocketDir();
    const home = (name: string) => join(directory, name);
    const env = {
      HOME: home("home"),
      // Machines' sockets are below it, deep down: a socket's path has 108 bytes.
      XDG_CONFIG_HOME: join(sockets.path, "c"),
      XDG_CACHE_HOME: home("cache"),
      XDG_DATA_HOME: home("data"),
      XDG_RUNTIME_DIR: sockets.path,
    };
    await Promise.all(Object.values(env).map((path) => mkdir(path, { recursive: true })));
    await mkdir(join(env.XDG_CONFIG_HOME, "libvirt"), { recursive: true });
    // Otherwise a second daemon is started for it, which nobody would end.
    const settings = 'stdio_handler = "file"\n';
    await writeFile(join(env.XDG_CONFIG_HOME, "libvirt", "qemu.conf"), settings);
    const prefix = asNobodySpecial();
    try {
      const argv = [...prefix, "libvirtd"];
      const path = withSbin(process.env["PATH"]);
      const daemon = await startDaemon(argv, { logFile: log, env: { ...env, PATH: path } });
      const libvirt = new PrivateLibvirt(env, prefix, daemon, sockets);
      await libvirt.#listening(log);
      return libvirt;
    } catch (error) {
      await sockets.remove();
      if (error instanceof ToolMissing) throw new VagrantMissing(error.program, error);
      throw error;
    }
  }

  /** Pids of its machines with their start times: they outlive it. */
  async machines(): Promise<{ pid: number; startTime: number }[]> {
    const folder = join(this.sockets.path, "libvirt/qemu/run");
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".pid"));
    const pids = await Promise.all(
      files.map(async (name) => Number(await readFile(join(folder, name), "utf8"))),
    );
    return pids.map((pid) => ({ pid, startTime: processStartTime(pid) ?? 0 }));
  }

  async stop(): Promise<void> {
    await this.process.terminate();
    await this.sockets.remove();
  }

  async #listening(log: string): Promise<void> {
    const socket = join(this.sockets.path, "libvirt/libvirt-sock");
    const until = performance.now() + UP_SECONDS * 1000;
    let ended: string | undefined;
    void this.process.exited.then((exit) => (ended = describeExit(exit)));
    while (!(await stat(socket).catch(() => undefined))) {
      if (ended === undefined && performance.now() < until) {
        await delay(LOOK_AGAIN_MS);
        continue;
      }
      await this.stop();
      const said = lastLines(await readFile(log, "utf8").catch(() => ""), 1)[0] ?? "";
      throw new LibvirtdFailed(`${ended ?? `no socket within ${UP_SECONDS} s`}: ${said}`, log);
    }
  }
}

/**
 * libvirt gives root the system's daemon and never a session. In a user namespace of its own root
 * is somebody else, with the same files.
 */
function asNobodySpecial(): string[] {
  if (!isRoot()) return [];
  return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];
}

/** Debian has libvirtd where an ordinary user's PATH does not lead. */
export function withSbin(path = ""): string {
  return `${path}:/usr/sbin:/sbin`;
}
