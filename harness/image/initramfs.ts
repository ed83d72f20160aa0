import { chmod, copyFile, lutimes, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runTool } from "../base/process.ts";
import { moduleClosure } from "./kernel-modules.ts";
import { IMAGE_EPOCH } from "./rootfs.ts";

export interface InitramfsRequest {
  /** Static busybox of the image. */
  busybox: string;
  /** `…/lib/modules/<version>` of the kernel that will run it. */
  moduleDirectory: string;
  modules: readonly string[];
  /** Path of the shell script that becomes /init; it loads what /modules lists. */
  init: string;
  /** Where the compressed archive goes. */
  output: string;
  signal?: AbortSignal;
}

/** A small initramfs (busybox, modules in loading order, one script), the same bytes every time. */
export async function buildInitramfs(request: InitramfsRequest): Promise<void> {
  const root = await mkdtemp(`${request.output}.tree-`);
  try {
    for (const folder of ["bin", "dev", "lib", "proc", "root", "sys", "tmp"]) {
      await mkdir(join(root, folder));
    }
    await copyFile(request.busybox, join(root, "bin/busybox"));
    await symlink("busybox", join(root, "bin/sh"));
    const loaded: string[] = [];
    for (const file of await moduleClosure(request.moduleDirectory, request.modules)) {
      loaded.push(await placeModule(join(request.moduleDirectory, file), join(root, "lib")));
    }
    await writeFile(join(root, "modules"), loaded.join("\n") + "\n");
    await copyFile(request.init, join(root, "init"));
    await packTree(root, request.output, request.signal);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Busybox loads plain modules only; newer kernels ship them compressed. */
async function placeModule(source: string, directory: string): Promise<string> {
  const name = basename(source).replace(/\.(xz|zst|gz)$/, "");
  const target = join(directory, name);
  const unpack = { ".xz": ["xz", "-dc"], ".zst": ["zstd", "-dc"], ".gz": ["gzip", "-dc"] };
  const tool = Object.entries(unpack).find(([suffix]) => source.endsWith(suffix))?.[1];
  if (tool) await runTool([...tool, source], { stdoutFile: target, timeoutMs: 60_000 });
  else await copyFile(source, target);
  return name;
}

/** Plain files that are not programs. */
const DATA = /\.ko$|^\.\/modules$/;

/** A compressed archive of a tree, which is changed: modes and times are not in the archive. */
export async function packTree(root: string, output: string, signal?: AbortSignal): Promise<void> {
  const options = { cwd: root, timeoutMs: 60_000, ...(signal && { signal }) };
  const found = await runTool(["find", ".", "-mindepth", "1"], options);
  const names = found.stdout.trim().split("\n").sort();
  for (const name of names) {
    const path = join(root, name);
    // Neither the user's umask nor the time is in the archive.
    if (name !== "./bin/sh") await chmod(path, DATA.test(name) ? 0o644 : 0o755);
    await lutimes(path, IMAGE_EPOCH, IMAGE_EPOCH);
  }
  const archive = `${output}.cpio`;
  await runTool(["cpio", "--create", "--quiet", "--format=newc", "--reproducible", "--owner=0:0"], {
    ...options,
    input: names.join("\n") + "\n",
    stdoutFile: archive,
  });
  // Fast to unpack under emulation matters more than size.
  await runTool(["gzip", "-n", "-1", "-c", archive], { ...options, stdoutFile: output });
  await rm(archive);
}
