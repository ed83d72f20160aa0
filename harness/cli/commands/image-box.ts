import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ensureImage } from "../../build/rebuilt-image.ts";
import { treeSize } from "../../image/tree-size.ts";
import { buildBox, emulatedProfile } from "../../vagrant/build-box.ts";
import type { CliContext } from "../context.ts";
import { imageProgress } from "../image-progress.ts";
import { openStore, sizeOf } from "../image-store.ts";
import { ensurePackages } from "../packages.ts";
import { quoteArgv } from "../../base/process-errors.ts";
import type { OptionsOf } from "../table.ts";
import { UsageInvalid } from "../errors.ts";
import type spec from "./image.command.ts";

const COMMAND = "xenloop image box";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][5]>,
  [name = ""]: readonly string[],
): Promise<number> {
  const host = (await ctx.hosts()).get(name);
  const output = resolve(ctx.cwd, options.out ?? `${name}.box`);
  const keyFile = options.key === undefined ? undefined : resolve(ctx.cwd, options.key);
  // Before minutes are spent on what then has no place.
  await mustExist("--out: the directory", dirname(output));
  if (keyFile !== undefined) await mustBePublicKey(keyFile);
  await ensurePackages(ctx, { yes: options.yes, use: "boxes" });
  const { cache } = (await ctx.settings()).values;
  const store = await openStore(ctx);
  using progress = imageProgress(ctx, name);
  const image = await ensureImage(host, { ...progress, cache, store, signal: ctx.signal });
  await buildBox({
    image,
    emulated: await emulatedProfile(),
    ...(keyFile !== undefined && { keyFile }),
    scratch: join(cache, "scratch"),
    output,
    signal: ctx.signal,
    phase: progress.phase,
  });
  const add = quoteArgv(["vagrant", "box", "add", "--name", `xenloop/${name}`, output]);
  ctx.stdout.write(`${output}: ${sizeOf(await treeSize(output))}\n  ${add}\n`);
  return 0;
}

async function mustExist(what: string, path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  throw new UsageInvalid(`${what} ${path} does not exist`, COMMAND);
}

/** A private key in a box would be given away with it. */
async function mustBePublicKey(path: string): Promise<void> {
  await mustExist("--key: the file", path);
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => /^(#|(ssh|ecdsa|sk)-\S+ \S+)/.test(line))) return;
  throw new UsageInvalid(`--key: ${path} holds no public ssh keys, one a line`, COMMAND);
}
