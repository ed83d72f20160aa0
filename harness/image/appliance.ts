import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPO_ROOT } from "../base/repo-paths.ts";

/**
 * The hook of mmdebstrap that gives a host with libguestfs its appliance: made in dom0 it would
 * take minutes. `epoch` is the time of its files. Undefined for other hosts.
 */
export function applianceHook(packages: readonly string[], epoch: number): string | undefined {
  if (!packages.includes("libguestfs0")) return undefined;
  const read = (name: string): string =>
    readFileSync(join(REPO_ROOT, "images/guestfs", name), "utf8").trim();
  const script = read("make-appliance").replace("@INIT@", () => read("init"));
  const env = `SOURCE_DATE_EPOCH=${epoch}`;
  return `chroot "$1" env ${env} sh <<'END_OF_SCRIPT'\n${script}\nEND_OF_SCRIPT`;
}
