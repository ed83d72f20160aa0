/**
 * `node --import .../typescript-loader.js FILE.ts`: runs the project's TypeScript as it lies in
 * the tree. Only strips types, from a cache keyed by content, because tsx costs 0.35 s at every
 * start, more than a whole `xenloop list`. Plain JavaScript: it is what makes the rest loadable.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** @type {import("esbuild").TransformOptions} */
const OPTIONS = {
  loader: "ts",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: "ES2022" } },
};
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/xenloop/", import.meta.url));
const LOCKED = fileURLToPath(new URL("../../node_modules/esbuild/package.json", import.meta.url));
const HOOKS = "?hooks";

// The same file is loaded twice: here to register, and with this query in Node's hooks thread.
if (!import.meta.url.endsWith(HOOKS)) {
  process.setSourceMapsEnabled(true);
  register(import.meta.url + HOOKS);
}

let compiler;
/** Part of every key: another compiler or other options make other output. */
const generation = () => (compiler ??= readFile(LOCKED, "utf8").then((p) => JSON.parse(p).version));

/** @type {import("node:module").LoadHook} */
export async function load(url, context, nextLoad) {
  const path = url.startsWith("file:") ? fileURLToPath(url) : "";
  if (!/\.m?ts$/.test(path)) return nextLoad(url, context);
  const source = await readFile(path);
  const key = createHash("sha256")
    .update(JSON.stringify([await generation(), OPTIONS, path]))
    .update(source)
    .digest("hex");
  const cached = join(CACHE, `${key}.js`);
  const code = await readFile(cached, "utf8").catch(() => compile(source, path, cached));
  return { format: "module", source: code, shortCircuit: true };
}

async function compile(source, path, cached) {
  const { transform, transformSync } = await import("esbuild");
  const options = { ...OPTIONS, sourcefile: path };
  // Ctrl-C also ends the compiler's own process, and the reports are still to be written.
  const { code } = await transform(source, options).catch(() => transformSync(source, options));
  try {
    await mkdir(CACHE, { recursive: true });
    const partial = `${cached}.${randomUUID()}`;
    await writeFile(partial, code);
    await rename(partial, cached);
  } catch {
    // A checkout this user may not write to works all the same, only slower.
  }
  return code;
}
