import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { tarballSource } from "../../harness/build/source.ts";

t.test("a tarball is unpacked out of its one folder, or as it is", async (t) => {
  const cwd = t.testdir({
    flat: { "meson.build": "", "a folder": { "b.c": "" }, ".hidden": "" },
    single: { "libvirt 1": { "meson.build": "", src: { "b.c": "" }, ".hidden": "" } },
  });
  const entries: Record<string, string[]> = {};
  for (const name of ["flat", "single"]) {
    const tar = join(cwd, `${name}.tar`);
    await runTool(["tar", "--create", `--file=${tar}`, "."], { cwd: join(cwd, name) });
    const [staged, target] = [join(cwd, `${name}-staged`), join(cwd, `${name}-target`)];
    for (const path of [staged, target]) mkdirSync(path);
    const source = await tarballSource(tar);
    await source.stage(staged);
    await runTool([...source.unpack(staged, target)]);
    entries[name] = readdirSync(target).sort();
  }
  t.strictSame(entries, {
    flat: [".hidden", "a folder", "meson.build"],
    single: [".hidden", "meson.build", "src"],
  });

  const odd = join(cwd, "odd.tar");
  writeFileSync(join(cwd, "only.txt"), "");
  await runTool(["tar", "--create", `--file=${odd}`, "only.txt"], { cwd });
  const [staged, target] = [join(cwd, "odd-staged"), join(cwd, "odd-target")];
  for (const path of [staged, target]) mkdirSync(path);
  const source = await tarballSource(odd);
  await source.stage(staged);
  await runTool([...source.unpack(staged, target)]);
  t.strictSame(readdirSync(target), ["only.txt"]);
});
