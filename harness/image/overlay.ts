import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runTool } from "../base/process.ts";
import { IMAGE_EPOCH } from "./rootfs.ts";

const UNITS = "etc/systemd/system";
const WANTED = `${UNITS}/multi-user.target.wants`;

export interface OverlayRequest {
  /** images/dom0/files of the checkout. */
  files: string;
  /** Further files: path in the image → file or folder on this machine. */
  extra: Readonly<Record<string, string>>;
  /** Units to enable, by file name. */
  enable: readonly string[];
  /** Units that nothing starts, by file name. */
  masked: readonly string[];
  scratch: string;
  output: string;
}

/** A tar of what the harness puts over the distribution's files, owned by root. */
export async function buildOverlay(request: OverlayRequest): Promise<void> {
  const root = join(request.scratch, "overlay");
  await cp(request.files, root, { recursive: true });
  for (const [target, source] of Object.entries(request.extra)) {
    await mkdir(dirname(join(root, target)), { recursive: true });
    await cp(source, join(root, target), { recursive: true });
  }
  // A checkout may hold empty folders that git does not know; the image must not.
  await runTool(["find", root, "-mindepth", "1", "-type", "d", "-empty", "-delete"], {
    timeoutMs: 60_000,
  });
  await mkdir(join(root, WANTED), { recursive: true });
  for (const unit of request.enable) await symlink(`../${unit}`, join(root, WANTED, unit));
  for (const unit of request.masked) await symlink("/dev/null", join(root, UNITS, unit));
  await runTool(
    [
      "tar",
      "--create",
      `--file=${request.output}`,
      "--sort=name",
      `--mtime=@${IMAGE_EPOCH}`,
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--mode=u=rwX,go=rX",
      "--format=ustar",
      ".",
    ],
    { cwd: root, timeoutMs: 60_000 },
  );
}
