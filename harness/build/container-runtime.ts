import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ContainerRuntimeClient } from "testcontainers";
import { messageOf } from "../base/error.ts";
import { findProgram } from "../base/process-path.ts";
import { startDaemon, type ProcessHandle } from "../base/process.ts";
import { isRoot } from "../base/root.ts";
import { Scratch } from "../image/scratch.ts";
import { createSocketDir } from "../machine/socket-dir.ts";
import { callProfileOption } from "./call-profile.ts";
import { ContainerRuntimeMissing } from "./errors.ts";

/** What containers of this machine are started by. */
export type RuntimePlace =
  | { kind: "socket"; socket: string }
  /** No daemon, but the program: a service of our own, with a store of our own. */
  | { kind: "podman"; program: string };

const UP_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** Where containers can be started: a socket that is there comes first. */
export async function findRuntime(env: NodeJS.ProcessEnv): Promise<RuntimePlace | undefined> {
  for (const socket of sockets(env)) if (await isThere(socket)) return { kind: "socket", socket };
  const program = findProgram("podman", env["PATH"]);
  return program === undefined ? undefined : { kind: "podman", program };
}

/** For people. */
export function runtimeTitle(place: RuntimePlace): string {
  return place.kind === "socket" ? place.socket : `a service of our own by ${place.program}`;
}

function sockets({ DOCKER_HOST, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string[] {
  // Folders of this machine are mounted into the containers, which must therefore be here.
  if (DOCKER_HOST !== undefined) return [DOCKER_HOST.replace(/^unix:\/\//, "")];
  const shared = ["/var/run/docker.sock", "/run/podman/podman.sock"];
  const own = ["docker.sock", "podman/podman.sock"];
  return [...shared, ...(XDG_RUNTIME_DIR ? own.map((name) => join(XDG_RUNTIME_DIR, name)) : [])];
}

/** Docker or Podman, reached; what was started for it ends with it. */
export class ContainerRuntime implements AsyncDisposable {
  private constructor(
    readonly client: ContainerRuntimeClient,
    /** Security option of a container that is refused what no build may call. */
    readonly callProfile: string,
    readonly title: string,
    readonly scratch: Scratch,
    readonly service: ProcessHandle | undefined,
    readonly removeSocket: () => Promise<void>,
  ) {}

  /**
   * Once a process: testcontainers keeps the first runtime that it finds.
   * @param parent folder for what is gone afterwards
   * @throws ContainerRuntimeMissing
   */
  static async open(parent: string, env = process.env): Promise<ContainerRuntime> {
    const place = await findRuntime(env);
    if (!place) throw new ContainerRuntimeMissing("there is no socket and no podman");
    const scratch = await Scratch.create(parent, "containers");
    // Podman wants a path of at most 50 characters, also where TMPDIR names a long one.
    const directory = await createSocketDir("/tmp");
    let service: ProcessHandle | undefined;
    try {
      let socket = place.kind === "socket" ? place.socket : "";
      if (place.kind === "podman") {
        socket = join(directory.path, "podman");
        service = await startService(socket, join(directory.path, "run"), scratch.path);
      }
      // Testcontainers is told in no other way. It takes a third of a second to load.
      process.env["DOCKER_HOST"] = `unix://${socket}`;
      const { getContainerRuntimeClient } = await import("testcontainers");
      const client = await getContainerRuntimeClient();
      const profile = await callProfileOption(client, scratch.path);
      const remove = () => directory.remove();
      return new ContainerRuntime(client, profile, runtimeTitle(place), scratch, service, remove);
    } catch (error) {
      await service?.terminate();
      await directory.remove();
      await scratch[Symbol.asyncDispose]();
      if (error instanceof ContainerRuntimeMissing) throw error;
      throw new ContainerRuntimeMissing(`${runtimeTitle(place)}: ${messageOf(error)}`, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service?.terminate();
    await this.removeSocket();
    await this.scratch[Symbol.asyncDispose]();
  }
}

async function startService(
  socket: string,
  runRoot: string,
  folder: string,
): Promise<ProcessHandle> {
  const log = join(folder, "log");
  const own = ["--root", join(folder, "root"), "--runroot", runRoot];
  const argv = ["podman", ...own, "system", "service", "--time", "0", `unix://${socket}`];
  // Its mounts end with it, also when it is killed.
  const isolated = isRoot() ? ["unshare", "--mount", "--"] : [];
  const service = await startDaemon([...isolated, ...argv], { logFile: log });
  const over = new AbortController();
  void service.exited.then(() => over.abort());
  for (const until = performance.now() + UP_MS; !(await isThere(socket));) {
    if (over.signal.aborted || performance.now() > until) {
      await service.terminate();
      const said = (await readFile(log, "utf8")).trim().split("\n").at(-1) ?? "";
      throw new ContainerRuntimeMissing(`podman's service does not come up: ${said}`);
    }
    await delay(LOOK_AGAIN_MS, undefined, { signal: over.signal }).catch(() => undefined);
  }
  return service;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
