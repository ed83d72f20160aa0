import { join, relative } from "node:path";
import { formatBytes } from "../../config/bytes.ts";
import { builderSpec } from "../../build/builder-spec.ts";
import { LockInvalid } from "../../image/errors.ts";
import { resolveLock, writeLock } from "../../image/host-lock.ts";
import { lockPath } from "../../image/pinned-lock.ts";
import { diffLocks, lockedVersion, renderLockDiff, type LockRole } from "../../image/lock-diff.ts";
import { readLock, type HostLock } from "../../image/lock-file.ts";
import type { HostSpec } from "../../spec/host-spec.ts";
import type { CliContext } from "../context.ts";
import { ensurePackages } from "../packages.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./image.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][3]>,
  [name = ""]: readonly string[],
): Promise<number> {
  const named = (await ctx.hosts()).get(name);
  const product = options.builder ? "libvirt" : options.xenBuilder ? "xen" : undefined;
  const host = product === undefined ? named : builderSpec(named, product);
  await ensurePackages(ctx, { yes: false });
  const path = lockPath(host.name);
  const shown = relative(ctx.root, path);
  // A lock of another format, or a broken one, is replaced.
  const before = await readLock(path).catch((error: unknown) => {
    if (!(error instanceof LockInvalid)) throw error;
    ctx.stderr.write(`warning: ${error.message}\n`);
    return undefined;
  });
  const { cache } = (await ctx.settings()).values;
  const after = await resolveLock(host, join(cache, "scratch"), ctx.signal);
  const surprising = product !== undefined ? [] : surprises(host, after);
  for (const surprise of surprising) ctx.stderr.write(`warning: ${surprise}\n`);
  const diff = diffLocks(before, after);
  if (!diff.isChanged) {
    ctx.stdout.write(`${shown}: nothing changed\n${renderLockDiff(diff)}`);
    return 0;
  }
  if (!options.dryRun) await writeLock(path, after);
  const bytes = after.packages.reduce((sum, locked) => sum + locked.bytes, 0);
  const what = `${after.packages.length} packages, ${formatBytes(bytes)}`;
  const did = options.dryRun ? "would be written" : before ? "renewed" : "written";
  ctx.stdout.write(`${shown}: ${did}, ${what}\n${before ? renderLockDiff(diff) : heads(diff)}`);
  return 0;
}

/** Of a first lock everything is new; only what the host is known by is worth a line. */
function heads(diff: ReturnType<typeof diffLocks>): string {
  return renderLockDiff({ ...diff, changes: [], suites: { added: [], removed: [] } });
}

function surprises({ expect, name }: HostSpec, lock: HostLock): string[] {
  const roles: [LockRole, string][] = [
    ["Xen", expect.xen],
    ["libvirt", expect.libvirt],
    ["Linux", expect.kernel],
  ];
  return roles.flatMap(([role, expected]) => {
    const version = lockedVersion(lock, role);
    if (version?.startsWith(expected)) return [];
    const got = version === undefined ? `no ${role}` : `${role} ${version}`;
    return [`the archive has ${got}; images/hosts/${name}.ts expects ${expected}`];
  });
}
