import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageBuildFailed } from "./errors.ts";

/**
 * Files of the named modules and all they depend on, in the order they must be
 * loaded, relative to the module directory. Names that the kernel has built in are left out,
 * and so are those marked with `?` that this kernel does not know.
 */
export async function moduleClosure(
  moduleDirectory: string,
  names: readonly string[],
): Promise<string[]> {
  const depends = parseModulesDep(await readFile(join(moduleDirectory, "modules.dep"), "utf8"));
  const builtin = await readFile(join(moduleDirectory, "modules.builtin"), "utf8");
  const builtinNames = new Set(builtin.split("\n").map(moduleName));
  const ordered = new Set<string>();
  const add = (file: string): void => {
    // modules.dep lists the nearest dependency first; the kernel wants the farthest first.
    for (const dependency of [...(depends.get(file) ?? [])].reverse()) ordered.add(dependency);
    ordered.add(file);
  };
  for (const wanted of names) {
    const name = wanted.replace("?", "");
    const file = [...depends.keys()].find((path) => moduleName(path) === moduleName(name));
    if (file) add(file);
    else if (!wanted.endsWith("?") && !builtinNames.has(moduleName(name))) {
      throw new ImageBuildFailed("the initramfs", `the kernel has no module ${name}`);
    }
  }
  return [...ordered];
}

function parseModulesDep(text: string): Map<string, string[]> {
  const depends = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [file, rest] = line.split(":");
    if (file && rest !== undefined) depends.set(file, rest.trim().split(" ").filter(Boolean));
  }
  return depends;
}

/** `kernel/fs/ext4/ext4.ko.xz` and `virtio-rng` as the kernel spells them: `ext4`, `virtio_rng`. */
function moduleName(path: string): string {
  const base = path.split("/").at(-1) ?? path;
  return base.replace(/\.ko(\.(xz|zst|gz))?$/, "").replaceAll("-", "_");
}
