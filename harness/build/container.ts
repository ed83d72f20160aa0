import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { ContainerRuntimeClient } from "testcontainers";
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

function same(limit: number): { soft: number; hard: number } {
  return { soft: limit, hard: limit };
}

/** The user that nothing belongs to but the folders that may be written to. */
async function userFor(
  client: ContainerRuntimeClient,
  { user }: Pick<SandboxCommand, "user">,
): Promise<string> {
  const info = (await client.container.dockerode.info()) as { SecurityOptions?: string[] };
  // Its root is the user that runs all this, and without capabilities no more than that.
  if (info.SecurityOptions?.some((option) => option.includes("name=rootless"))) return "0:0";
  if (user !== undefined) return `${user}:${user}`;
  return `${process.getuid?.()}:${process.getgid?.()}`;
}

/**
 * Starts a command in a container: no network, no capability, no new privilege, nothing to write to
 * but the folders it is given. The container is removed when the command is over.
 */
export async function launchContainer(
  client: ContainerRuntimeClient,
  image: string,
  command: SandboxCommand,
  log: string,
): Promise<Confined> {
  const { GenericContainer, StartupCheckStrategy } = await import("testcontainers");
  /** The end of a command is awaited below, whatever it is. */
  class AtOnce extends StartupCheckStrategy {
    override checkStartupState = () => Promise.resolve("SUCCESS" as const);
  }
  class ReadOnly extends GenericContainer {
    constructor(name: string) {
      super(name);
      this.hostConfig.ReadonlyRootfs = true;
    }
  }
  const containers = client.container;
  let said: Promise<void> = Promise.resolve();
  const { limits } = command;
  const temporary = `rw,nosuid,nodev,mode=1777,size=${TMP_MIB}m`;
  const started = await new ReadOnly(image)
    .withAutoCleanup(false)
    .withNetworkMode("none")
    .withUser(await userFor(client, command))
    .withDroppedCapabilities("ALL")
    .withSecurityOpt("no-new-privileges")
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
