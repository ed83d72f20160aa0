import { join } from "node:path";
import { quoteArgv } from "../../base/process-errors.ts";
import type { BuilderSource } from "../../build/builder.ts";
import { ensureBuilder } from "../../build/builder-root.ts";
import { ensureContainerBuilder } from "../../build/container-builder.ts";
import { ContainerRuntime, findRuntime } from "../../build/container-runtime.ts";
import { touchedPaths, type Patch } from "../../build/patch-series.ts";
import { buildCells, variantNames, withVariants } from "../../check/axis.ts";
import type { Variant } from "../../check/builds.ts";
import { CheckDress } from "../../check/check-dress.ts";
import { checkCode, compareCells } from "../../check/compare.ts";
import { renderCheck } from "../../check/render.ts";
import { touchedTags } from "../../check/source-map.ts";
import { tellComparisons } from "../../check/tell.ts";
import type { EventBus } from "../../events/bus.ts";
import { exitCode } from "../../events/exit-code.ts";
import type { RunResult } from "../../events/result.ts";
import { Scratch } from "../../image/scratch.ts";
import { tagsOf } from "../../plan/select.ts";
import { prepareBases } from "../check-bases.ts";
import { readChanges } from "../check-changes.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { namedHosts, openStore } from "../image-store.ts";
import { ensurePackages } from "../packages.ts";
import { choose, type Choice } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./check.command.ts";
import { runChoice } from "./run.ts";

type Options = OptionsOf<typeof spec>;

export async function run(
  ctx: CliContext,
  options: Options,
  words: readonly string[],
): Promise<number> {
  const { libvirt, xen, patch, base, each, builder, prepare } = options;
  const product = xen === undefined ? "libvirt" : "xen";
  const word = xen ?? libvirt;
  if (word === undefined || (xen !== undefined && libvirt !== undefined)) {
    const what = "say what is checked: either --libvirt SOURCE or --xen SOURCE";
    throw new UsageInvalid(what, "xenloop check");
  }
  const stray = words.find((one) => /\.(?:patch|diff|eml|mbox)(?:\.gz)?$/.test(one));
  if (stray !== undefined) {
    const what = `${stray} is taken for a scenario: each patch needs a --patch of its own`;
    throw new UsageInvalid(what, "xenloop check");
  }
  const isContainer = builder === "container" && !options.dryRun;
  if (!options.dryRun) await ensurePackages(ctx, { yes: options.yes, use: "builds" });
  if (isContainer && !(await findRuntime(ctx.env))) {
    await ensurePackages(ctx, { yes: options.yes, use: "containers" });
  }
  const { cache } = (await ctx.settings()).values;
  const context = { cache, store: await openStore(ctx), signal: ctx.signal };
  const quiet = { ...context, phase: () => () => undefined, warn: () => undefined };
  await using scratch = await Scratch.create(join(cache, "scratch"), "check");
  const { patches, leftOut, source, recipe } = await readChanges(
    { product, word, patch, base, each, prepare },
    ctx.cwd,
    scratch.path,
    quiet,
  );
  if (leftOut !== undefined) ctx.stderr.write(`warning: ${leftOut}\n`);
  await using runtime = isContainer ? await ContainerRuntime.open(join(cache, "scratch")) : null;
  const builderOf: BuilderSource = (host, image) =>
    runtime
      ? ensureContainerBuilder(host, image, runtime, product)
      : ensureBuilder(host, image, product);
  if (prepare) {
    if (options.dryRun) return sayBases(ctx, word, await namedHosts(ctx, options.host));
    const how = { source, recipe, builder: builderOf };
    await prepareBases(ctx, await namedHosts(ctx, options.host), how, context);
    return exitCode("passed");
  }
  const variants = variantsOf(patches, each);
  const chosen = await chooseTouched(
    ctx,
    options,
    words,
    touchedTags(
      patches.flatMap(({ text }) => touchedPaths(text)),
      product,
    ),
  );
  const command = quoteArgv(["./xenloop", ...ctx.argv]);
  const names = variants.map(({ name }) => name);
  const choice: Choice = {
    ...chosen,
    cells: (scale) =>
      [
        ...buildCells(chosen.hosts, variants, product),
        ...withVariants(chosen.cells(scale), names, product),
      ].map((cell) => ({ ...cell, command })),
  };
  return await runChoice(ctx, choice, options, {
    dress: (directory) =>
      new CheckDress({
        ...{ hosts: chosen.hosts, variants, source, recipe, context },
        builder: builderOf,
        logs: join(directory, "builds"),
        hypervisors: join(scratch.path, "hypervisors"),
        archives: join(scratch.path, "archives"),
      }),
    own: `${command} --keep on-failure`,
    conclude,
    onResult: (result) => ctx.stdout.write(renderCheck(result.cells, variants)),
  });
}

function variantsOf(patches: readonly Patch[], each: boolean): Variant[] {
  const names = variantNames(patches.length, each);
  if (each) {
    return patches.map((patch, at) => ({
      name: names[at] ?? "",
      title: patch.title,
      patches: [patch],
    }));
  }
  const [only] = patches;
  const title = patches.length === 1 && only ? only.title : `${patches.length} patches`;
  return [{ name: names[0] ?? "", title, patches }];
}

/** The scenarios that are named, or those that the patches can touch. */
async function chooseTouched(
  ctx: CliContext,
  { host, all }: Pick<Options, "host" | "all">,
  words: readonly string[],
  touched: readonly string[],
): Promise<Choice> {
  const open = { host, grep: undefined, tags: undefined };
  if (words.length > 0 || all) return choose(ctx, open, words);
  const known = tagsOf(await ctx.scenarios());
  const tags = touched.filter((tag) => known.includes(tag));
  if (tags.length > 0) return choose(ctx, { ...open, tags: tags.join(" || ") }, []);
  const none = await choose(ctx, open, []);
  return { ...none, scenarios: [], cells: () => [] };
}

/** Says at each patched cell what the patch did to it; what failed before is not its fault. */
function conclude({ cells }: RunResult, bus: EventBus): number {
  const comparisons = compareCells(cells);
  tellComparisons(comparisons, bus);
  for (const { effect, patched, base } of comparisons) {
    if (base === undefined || effect === "unchanged") continue;
    const text = `${effect}: without the patch it is ${base.status}`;
    bus.emit("comment", { cell: patched.id, text });
  }
  return checkCode(comparisons);
}

function sayBases(ctx: CliContext, source: string, hosts: readonly { name: string }[]): number {
  const names = hosts.map(({ name }) => name).join(", ");
  ctx.stdout.write(`the base would be built: ${source} for ${names}\n`);
  return exitCode("passed");
}
