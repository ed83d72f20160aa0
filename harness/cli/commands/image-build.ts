import { ensureImage } from "../../build/rebuilt-image.ts";
import { treeSize } from "../../image/tree-size.ts";
import type { CliContext } from "../context.ts";
import { imageProgress } from "../image-progress.ts";
import { namedHosts, openStore, sizeOf } from "../image-store.ts";
import { ensurePackages } from "../packages.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./image.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][0]>,
  names: readonly string[],
): Promise<number> {
  const hosts = await namedHosts(ctx, names);
  await ensurePackages(ctx, { yes: options.yes });
  const { cache } = (await ctx.settings()).values;
  const store = await openStore(ctx);
  for (const host of hosts) {
    const started = performance.now();
    let built = false;
    using progress = imageProgress(ctx, host.name);
    const image = await ensureImage(host, {
      ...progress,
      cache,
      store,
      signal: ctx.signal,
      phase: (name) => {
        built = true;
        return progress.phase(name);
      },
    });
    const took = `built in ${((performance.now() - started) / 1000).toFixed(0)} s`;
    const size = sizeOf(await treeSize(image.directory));
    const how = built ? took : "in the store, nothing built";
    ctx.stdout.write(`${host.name}: ${how}, ${size}\n  sha256:${image.digest}\n`);
    if (ctx.verbose) ctx.stdout.write(`  ${image.directory}\n`);
  }
  return 0;
}
