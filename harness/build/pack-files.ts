import { mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { runTool } from "../base/process.ts";
import { IMAGE_EPOCH } from "../image/rootfs.ts";
import type { BuiltFile } from "./build-tree.ts";
import { NotOfTheBuild } from "./errors.ts";

const VERSIONED_LIBRARY = /^(.*\.so\.\d+)\.\d[\d.]*$/;

/**
 * Packs files by their paths in a host. A library comes with the link by which programs find it.
 * @param root folder to lay them out in, which must not be there yet
 */
export async function packFiles(
  files: readonly BuiltFile[],
  root: string,
  tar: string,
): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const { path, bytes } of files) {
    const place = join(root, path);
    // Its paths are a build's own words, and this is written on the machine of whoever runs it.
    if (relative(root, place) !== path.slice(1))
      throw new NotOfTheBuild(path, "it leads elsewhere");
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes, {
      flag: "wx",
      mode: path.startsWith("/usr/share/") ? 0o644 : 0o755,
    });
    const [, soname] = VERSIONED_LIBRARY.exec(place) ?? [];
    if (soname !== undefined) await symlink(basename(place), soname);
  }
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
  const same = ["--sort=name", `--mtime=@${IMAGE_EPOCH}`, "--format=ustar"];
  const argv = ["tar", "--create", `--file=${tar}`, ...same, ...owner, "."];
  await runTool(argv, { cwd: root, timeoutMs: 60_000 });
}
