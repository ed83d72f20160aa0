import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { sha256File } from "../../harness/base/hash.ts";
import { runTool } from "../../harness/base/process.ts";
import { buildInitramfs } from "../../harness/image/initramfs.ts";

async function inputs(root: string) {
  const modules = join(root, "modules/6.1.0");
  await mkdir(join(modules, "kernel/fs"), { recursive: true });
  await writeFile(join(root, "busybox"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(join(root, "init"), "#!/bin/sh\n");
  await writeFile(join(modules, "modules.dep"), "kernel/fs/b.ko.xz: kernel/a.ko\nkernel/a.ko:\n");
  await writeFile(join(modules, "modules.builtin"), "");
  await writeFile(join(modules, "kernel/a.ko"), "module a");
  await writeFile(join(modules, "kernel/fs/b.ko"), "module b");
  await runTool(["xz", join(modules, "kernel/fs/b.ko")]);
  return { busybox: join(root, "busybox"), init: join(root, "init"), moduleDirectory: modules };
}

t.test("holds plain modules in loading order", async (t) => {
  const root = t.testdir();
  const output = join(root, "initrd");
  await buildInitramfs({ ...(await inputs(root)), modules: ["b"], output });
  await mkdir(join(root, "out"));
  await runTool(["sh", "-c", "gzip -dc ../initrd | cpio --extract --quiet"], {
    cwd: join(root, "out"),
  });
  const read = async (file: string) => (await runTool(["cat", join(root, "out", file)])).stdout;
  t.equal(await read("modules"), "a.ko\nb.ko");
  t.equal(await read("lib/b.ko"), "module b");
  t.same((await readdir(root)).sort(), ["busybox", "init", "initrd", "modules", "out"]);
});

t.test("is the same bytes whatever the umask, the time and the place", async (t) => {
  const parent = t.testdir();
  const digests = new Set<string>();
  const before = process.umask();
  t.teardown(() => process.umask(before));
  for (const [umask, name] of [
    [0o022, "a"],
    [0o077, "another-one"],
  ] as const) {
    process.umask(umask);
    const root = join(parent, name);
    await mkdir(root, { recursive: true });
    const given = await inputs(root);
    await utimes(given.busybox, umask, umask);
    await buildInitramfs({ ...given, modules: ["b"], output: join(root, "initrd") });
    digests.add(await sha256File(join(root, "initrd")));
  }
  t.equal(digests.size, 1);
});
