import { join } from "node:path";
import { ensureBase } from "../build/base-build.ts";
import type { BuilderSource } from "../build/builder.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { Changes } from "./check-changes.ts";
import type { CliContext } from "./context.ts";
import { imageProgress } from "./image-progress.ts";

/**
 * Builds the unpatched source for each host and leaves it in the store, for checks to come.
 * @throws BaseDoesNotBuild
 */
export async function prepareBases(
  ctx: CliContext,
  hosts: readonly HostSpec[],
  { source, recipe, builder }: Pick<Changes, "source" | "recipe"> & { builder: BuilderSource },
  quiet: Omit<ImageContext, "phase" | "warn">,
): Promise<void> {
  for (const host of hosts) {
    using progress = imageProgress(ctx, host.name);
    const context = { ...quiet, ...progress };
    const own = await builder(host, context);
    const log = join(quiet.cache, "logs", `base-${host.name}.log`);
    const request = { host, builder: own, recipe, source: await source(host, own), log };
    const base = await ensureBase(request, context);
    ctx.stdout.write(`${host.name}: ${base.source.title} is built, ${base.key.slice(0, 12)}\n`);
  }
}
