import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import { ImageBuildFailed } from "./errors.ts";

/** The parts of a root file system that are needed outside it. */
export interface BootFiles {
  xenGz: string;
  kernel: string;
  kernelVersion: string;
  /** The distribution's own, where it was made. */
  initrd?: string;
  busybox: string;
  moduleDirectory: string;
}

/** Takes hypervisor, kernel, modules and busybox out of a root tar. */
export async function extractBootFiles(
  rootTar: string,
  directory: string,
  signal?: AbortSignal,
): Promise<BootFiles> {
  await mkdir(directory, { recursive: true });
  await runTool(
    [
      "tar",
      "--extract",
      `--file=${rootTar}`,
      `--directory=${directory}`,
      "--no-same-owner",
      "--wildcards",
      "./boot/*",
      "*/lib/modules/*",
      "*/bin/busybox",
    ],
    { timeoutMs: 120_000, ...(signal && { signal }) },
  );
  const boot = await readdir(join(directory, "boot"));
  const only = (what: string, pattern: RegExp): string => {
    const [found, second] = boot.filter((name) => pattern.test(name)).sort();
    if (!found || second) {
      const seen = second ? `${found} and ${second}` : "none";
      throw new ImageBuildFailed("boot files", `one ${what} is expected in /boot, found ${seen}`);
    }
    return found;
  };
  const kernel = only("kernel", /^vmlinuz-/);
  const kernelVersion = kernel.replace("vmlinuz-", "");
  const initrd = boot.find((name) => name === `initrd.img-${kernelVersion}`);
  const usr = await firstExisting(directory, ["usr/lib/modules", "lib/modules"]);
  const bin = await firstExisting(directory, ["usr/bin/busybox", "bin/busybox"]);
  return {
    xenGz: join(directory, "boot", only("hypervisor", /^xen-[\d.]+-amd64\.gz$/)),
    kernel: join(directory, "boot", kernel),
    kernelVersion,
    ...(initrd !== undefined && { initrd: join(directory, "boot", initrd) }),
    busybox: bin,
    moduleDirectory: join(usr, kernelVersion),
  };
}

async function firstExisting(directory: string, candidates: readonly string[]): Promise<string> {
  for (const candidate of candidates) {
    const path = join(directory, candidate);
    if (await stat(path).catch(() => undefined)) return path;
  }
  throw new ImageBuildFailed("boot files", `the root file system has no ${candidates[0] ?? ""}`);
}
