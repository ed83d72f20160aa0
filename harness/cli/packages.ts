import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { findProgram } from "../base/process-path.ts";
import { quoteArgv } from "../base/process-errors.ts";
import { runTool } from "../base/process.ts";
import { isRoot } from "../base/root.ts";
import { NEEDED_PACKAGES, type NeededPackage, type PackageUse } from "../config/debian-packages.ts";
import type { CliContext } from "./context.ts";
import { PackagesMissing, PackagesNotInstalled } from "./errors.ts";

const APT_LISTS = "/var/lib/apt/lists";
/** Slow mirrors exist; a hung one must end some time. */
const APT_TIMEOUT_MS = 30 * 60_000;

export interface EnsureOptions {
  /** From `--yes`: install as an ordinary user too, by sudo. */
  yes: boolean;
  /** What is to be done beside running scenarios. */
  use?: PackageUse;
}

/**
 * Makes sure that the Debian packages are there. Root, or whoever said `--yes`, gets them
 * installed; everybody else gets the command.
 * @throws PackagesMissing | PackagesNotInstalled
 */
export async function ensurePackages(ctx: CliContext, options: EnsureOptions): Promise<void> {
  const missing = missingPackages(ctx.env, options);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  const commands = await installCommands(names, isRoot());
  const text = commands.map(quoteArgv).join(" && ");
  if (!options.yes && !isRoot()) throw new PackagesMissing(names, text);

  ctx.stderr.write(`xenloop: installing Debian packages: ${names.join(", ")}\n`);
  for (const argv of commands) {
    ctx.stderr.write(`  ${quoteArgv(argv)}\n`);
    try {
      await runTool(argv, {
        timeoutMs: APT_TIMEOUT_MS,
        signal: ctx.signal,
        env: { DEBIAN_FRONTEND: "noninteractive" },
      });
    } catch (error) {
      ctx.signal.throwIfAborted();
      throw new PackagesNotInstalled(names, text, error);
    }
  }
}

/** The needed packages of which nothing is found. */
export function missingPackages(
  env: NodeJS.ProcessEnv,
  { use, root = isRoot() }: { use?: PackageUse; root?: boolean } = {},
): NeededPackage[] {
  const isNeeded = (when: NeededPackage["when"]): boolean => {
    if (when === "not-root") return !root;
    return when === undefined || use === "tests" || when === use;
  };
  return NEEDED_PACKAGES.filter(({ when }) => isNeeded(when)).filter(
    ({ proof }) => !proof.some((file) => isThere(file, env["PATH"])),
  );
}

/** Argv of what installs packages, with the lists fetched first where there are none. */
export async function installCommands(
  names: readonly string[],
  root: boolean,
  lists = APT_LISTS,
): Promise<string[][]> {
  const sudo = root ? [] : ["sudo"];
  const known = (await readdir(lists).catch(() => [])).some((name) => name.includes("_Packages"));
  return [
    ...(known ? [] : [[...sudo, "apt-get", "update"]]),
    [...sudo, "apt-get", "install", "--yes", "--no-install-recommends", ...names],
  ];
}

function isThere(file: string, path: string | undefined): boolean {
  return file.startsWith("/") ? existsSync(file) : findProgram(file, path) !== undefined;
}
