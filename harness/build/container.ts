import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { ContainerRuntime } from "./container-runtime.ts";
import type { Confined } from "./sandbox.ts";
import {
  limitedArgv,
  OPEN_FILES,
  sandboxEnv,
  SHM_MIB,
  TMP_MIB,
  type SandboxCommand,
} from "./sandbox-argv.ts";

const MIB = 2 ** 20;
/** The last words of a container that has ended. */
const LAST_WORDS_MS = 5_000;
const START_MS = 60_000;
/** Threads of the runtime that are a container's until its command begins. */
const STARTERS = 64;

function same(limit: number): { soft: number; hard: number } {
  return { soft: limit, hard: limit };
}

/** What a runtime says of itself. */
interface RuntimeInfo {
  SecurityOptions?: string[] | null;
  CgroupDriver?: string;
  CgroupVersion?: string;
}

function isRootless({ SecurityOptions }: RuntimeInfo): boolean {
  return SecurityOptions?.some((option) => option.includes("name=rootless")) ?? false;
}

/** The user that nothing belongs to but the folders that may be written to. */
function userFor(info: RuntimeInfo, { user }: Pick<SandboxCommand, "user">): string {
  // Its root is the user that runs all this, and without capabilities no more than that.
  if (isRootless(info)) return "0:0";
  if (user !== undefined) return `${user}:${user}`;
  return `${process.getuid?.()}:${process.getgid?.()}`;
}

/**
 * Limits of the kernel on all that runs in a container, whatever takes it. They are wider than
 * those that are watched, which say what was exceeded: memory has the temporary folders in it,
 * processes the runtime's own. A rootless runtime has them with systemd only, and Podman starts
 * nothing when it is asked for them without.
 */
function kernelLimits(info: RuntimeInfo, { limits }: Pick<SandboxCommand, "limits">) {
  const mayLimit = info.CgroupDriver === "systemd" && info.CgroupVersion === "2";
  if (isRootless(info) && !mayLimit) return {};
  const memoryMiB = limits.memoryMiB + 2 * TMP_MIB + SHM_MIB;
  return { Memory: memoryMiB * MIB, PidsLimit: limits.processes + STARTERS };
}

/**
 * Starts a command in a container: no network, no capability, no new privilege, no user namespace,
 * nothing to write to but the folders it is given. The container is removed when the command is
 * over.
 */
export async function launchContainer(
  { client, callProfile }: Pick<ContainerRuntime, "client" | "callProfile">,
  image: string,
  command: SandboxCommand,
  log: string,
): Promise<Confined> {
  const { GenericContainer, StartupCheckStrategy } = await import("testcontainers");
  /** The end of a command is awaited below, whatever it is. */
  class AtOnce extends StartupCheckStrategy {
    override checkStartupState = () => Promise.resolve("SUCCESS" as const);
  }
  const containers = client.container;
  const info = (await containers.dockerode.info()) as RuntimeInfo;
  class ShutIn extends GenericContainer {
    constructor(name: string) {
      super(name);
      Object.assign(this.hostConfig, { ReadonlyRootfs: true, ...kernelLimits(info, command) });
    }
  }
  let said: Promise<void> = Promise.resolve();
  const { limits } = command;
  const temporary = `rw,nosuid,nodev,mode=1777,size=${TMP_MIB}m`;
  const started = await new ShutIn(image)
    .withAutoCleanup(false)
    .withNetworkMode("none")
    .withUser(userFor(info, command))
    .withDroppedCapabilities("ALL")
    .withSecurityOpt("no-new-privileges", callProfile)
    .withTmpFs({ "/tmp": temporary, "/var/tmp": temporary })
    .withSharedMemorySize(SHM_MIB * MIB)
    .withBindMounts(
      command.mounts.map(({ source, target, writable = false }) => {
        return { source, target, mode: writable ? "rw" : "ro" };
      }),
    )
    // Podman's own would raise what a machine without CAP_SYS_RESOURCE may not raise.
    .withUlimits({ nofile: same(OPEN_FILES), nproc: same(limits.processes) })
    .withEnvironment(sandboxEnv(command))
    .withWorkingDir(command.cwd)
    // An image that was imported has no entry point, and whatever has one is not ours.
    .withEntrypoint([])
    .withCommand(["timeout", "--signal=KILL", String(limits.seconds + 60), ...limitedArgv(command)])
    .withWaitStrategy(new AtOnce())
    .withStartupTimeout(START_MS)
    .withLogConsumer((stream) => {
      said = finished(stream.pipe(createWriteStream(log, { flags: "a" })));
    })
    .start();
  const container = containers.getById(started.getId());
  const { State } = await containers.inspect(container);
  const exited = container.wait().then(async ({ StatusCode: code }: { StatusCode: number }) => {
    await Promise.race([
      said,
      new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref()),
    ]);
    await started.stop({ remove: true, timeout: 0 });
    return { code };
  });
  return {
    pid: State.Pid,
    exited,
    terminate: () => container.kill().catch(() => undefined),
  };
}
