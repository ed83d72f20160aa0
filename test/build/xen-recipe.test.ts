/** Xen's recipe with a source that has Makefiles like Xen's and compiles nothing. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { HYPERVISOR, XEN } from "../../harness/build/xen-recipe.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { smallSandbox } from "./small-root.ts";

const lacks = ["bwrap", "make", "strip"].filter((name) => !findProgram(name, process.env["PATH"]));
const skip = lacks.length > 0 ? `${lacks.join(", ")} is not here` : false;
const LIGHT = "/usr/lib/x86_64-linux-gnu/libxenlight.so.4.17.0";

t.test("what a change makes of hypervisor and tools is collected", { skip }, async (t) => {
  const { directory, tree, log, runArgv } = await smallSandbox(t, { seconds: 60 });
  const source = join(directory, "src");
  cpSync(join(ROOT, "test/fixtures/small-xen"), source, { recursive: true });
  const objects = join(tree, "obj");
  for (const folder of ["src", "obj"]) mkdirSync(join(tree, folder));
  const places = { source: "/work/tree/src", objects: "/work/tree/obj" };
  const run = async (argv: readonly string[]) => {
    const { exitCode } = await runArgv(argv, [{ source, target: places.source }]);
    t.equal(exitCode, 0, readFileSync(log, "utf8"));
  };
  const build = async () => {
    await run(XEN.compile(places));
    await run(XEN.collect(places, "/work/tree/products"));
    const list = readFileSync(join(tree, "products/list"), "utf8").trim().split("\n");
    const content = (at: number) => readFileSync(join(tree, `products/${at}`), "utf8");
    return Object.fromEntries(list.map((path, at) => [path, content(at)]));
  };
  await run(XEN.setup(places));
  t.match(readFileSync(join(objects, "config.args"), "utf8"), "--sbindir=/usr/lib/xen-4.17/bin\n");
  const base = { [HYPERVISOR]: "int domain;\nint unused;\n", [LIGHT]: "int light;\n" };
  t.strictSame(await build(), base, "no header, and a link is no file");
  t.strictSame(await build(), base);
  writeFileSync(join(source, "tools/libs/light.c"), "int patched;\n");
  t.strictSame(await build(), { ...base, [LIGHT]: "int patched;\n" });
  rmSync(join(source, "xen/common/unused.c"));
  writeFileSync(join(source, "xen/common/domain.c"), "int domain = 1;\n");
  const after = await build();
  t.equal(after[HYPERVISOR], "int domain = 1;\n", "what the source has no more is gone");
});
