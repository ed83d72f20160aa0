import { runTool } from "../base/process.ts";
import { ImageBuildFailed } from "../image/errors.ts";

/** Name of the hypervisor in /boot of a file system's image, such as `xen-4.17-amd64.gz`. */
export async function findHypervisor(disk: string): Promise<string> {
  const argv = ["debugfs", "-R", "ls -p /boot", disk];
  const { stdout } = await runTool(argv, { timeoutMs: 30_000 });
  const found = /\/(xen-[\d.]+-amd64\.gz)\//.exec(stdout)?.[1];
  if (found === undefined) throw new ImageBuildFailed("the box", "its /boot has no hypervisor");
  return found;
}
