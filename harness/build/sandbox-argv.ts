/** What a build may take, all of its processes together unless told otherwise. */
export interface SandboxLimits {
  seconds: number;
  memoryMiB: number;
  processes: number;
  /** In the folders it may write to. */
  diskMiB: number;
  /** In the same, folders and links included. */
  files: number;
}

export interface SandboxMount {
  /** Absolute, on this machine. */
  source: string;
  /** Absolute, inside; below {@link WORK}. */
  target: string;
  writable?: boolean;
}

export interface SandboxCommand {
  argv: readonly string[];
  cwd: string;
  mounts: readonly SandboxMount[];
  /** All of the environment, beside PATH, HOME and LC_ALL. */
  env: Readonly<Record<string, string>>;
  limits: SandboxLimits;
  /** Started by root: the user without rights that it becomes, who has what it may write to. */
  user?: number;
}

/** Where everything that a build is given is mounted. */
export const WORK = "/work";
/** Writable, not part of any build: how the sandbox tells what the kernel counted. */
export const REPORT = `${WORK}/.report`;

/** Under an ordinary user's account: who the build is in its user namespace. */
const BUILDER = "1000";
export const TMP_MIB = 512;
export const SHM_MIB = 64;
/** One process; all of them together are watched from outside. */
export const OPEN_FILES = 4096;
/** Where bubblewrap is given the filter of system calls, opened. */
const FILTER_FD = 3;

/**
 * Runs the command and then copies the counters of its network, which nobody can read once the
 * last process is gone.
 */
const AND_REPORT = `"$@"; code=$?; cat /proc/net/snmp > ${REPORT}/snmp 2>/dev/null; exit $code`;

/** Everything of a command's environment, of either kind of builder. */
export function sandboxEnv({ env }: Pick<SandboxCommand, "env">): Record<string, string> {
  const path = "/usr/sbin:/usr/bin:/sbin:/bin";
  return { PATH: path, HOME: "/tmp", LC_ALL: "C.UTF-8", ...env };
}

/** The command under the limits of a process, with its report at the end. */
export function limitedArgv({ argv, limits }: Pick<SandboxCommand, "argv" | "limits">): string[] {
  return [
    "prlimit",
    `--nproc=${limits.processes}`,
    `--fsize=${limits.diskMiB * 2 ** 20}`,
    `--as=${limits.memoryMiB * 2 ** 20}`,
    `--nofile=${OPEN_FILES}`,
    "--core=0",
    ...["sh", "-c", AND_REPORT, "build", ...argv],
  ];
}

/**
 * The command line that runs a command with nothing of this machine: bubblewrap, with namespaces
 * for mounts, processes, network and the rest of what there is, no environment, no privilege.
 * @param root its root file system; read-only inside
 */
export function sandboxArgv(command: SandboxCommand, root: string): string[] {
  const { cwd, mounts, user } = command;
  return [
    ...["bwrap", "--die-with-parent", "--new-session", "--hostname", "builder"],
    ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--seccomp", String(FILTER_FD)],
    ...(user !== undefined
      ? ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
      : ["--unshare-user", "--disable-userns", "--uid", BUILDER, "--gid", BUILDER]),
    ...["--ro-bind", root, "/", "--proc", "/proc", "--dev", "/dev"],
    ...temporary("/dev/shm", SHM_MIB),
    ...["--remount-ro", "/dev"],
    ...temporary("/tmp", TMP_MIB),
    ...temporary("/var/tmp", TMP_MIB),
    ...["--perms", "0755", "--size", String(2 ** 20), "--tmpfs", WORK],
    ...mounts.flatMap(({ source, target, writable = false }) => [
      writable ? "--bind" : "--ro-bind",
      source,
      target,
    ]),
    ...["--remount-ro", WORK, "--chdir", cwd, "--clearenv"],
    ...Object.entries(sandboxEnv(command)).flatMap(([name, value]) => ["--setenv", name, value]),
    "--",
    ...(user !== undefined ? become(user) : []),
    ...limitedArgv(command),
  ];
}

function become(user: number): string[] {
  const who = ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  return [...who, "--inh-caps=-all", "--no-new-privs"];
}

function temporary(path: string, mebibytes: number): string[] {
  return ["--perms", "1777", "--size", String(mebibytes * 2 ** 20), "--tmpfs", path];
}
