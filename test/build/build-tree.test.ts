import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { isRoot } from "../../harness/base/root.ts";
import { BuildTree } from "../../harness/build/build-tree.ts";
import type { Builder } from "../../harness/build/builder.ts";
import type { Recipe } from "../../harness/build/recipe.ts";
import { runSandboxed } from "../../harness/build/sandbox.ts";
import { removeTree } from "../../harness/image/scratch.ts";
import debian12 from "../../images/hosts/debian-12.ts";
import { smallSandbox } from "./small-root.ts";

const skip = findProgram("bwrap", process.env["PATH"]) ? false : "bubblewrap is not here";

/** A tree whose build does what it likes when its products are collected. */
async function hostileTree(t: Test, collect: string) {
  const { directory, tree, log } = await smallSandbox(t);
  for (const folder of ["src", "obj"]) mkdirSync(join(tree, folder), { recursive: true });
  const usr = { source: "/usr", target: "/usr" };
  const builder: Builder = {
    ...{ kind: "root", spec: debian12, key: "small", lock: undefined as never },
    run: (request) =>
      runSandboxed({ ...request, mounts: [usr, ...request.mounts] }, join(directory, "root")),
  };
  const recipe: Recipe = {
    ...{ product: "libvirt", key: "small" },
    setup: () => ["true"],
    compile: () => ["true"],
    collect: () => ["sh", "-c", collect],
  };
  const limits = { seconds: 20, memoryMiB: 1024, processes: 60, diskMiB: 64, files: 10_000 };
  const build = new BuildTree(tree, { builder, recipe, scratch: directory, log, limits });
  return { directory, tree, log, build };
}

const IN_PRODUCTS = "mkdir products && cd products && ";

t.test("what a build leaves is read where it is a file of its own", { skip }, async (t) => {
  const { build } = await hostileTree(
    t,
    `${IN_PRODUCTS}echo /usr/sbin/libvirtd >list; printf ELF >0`,
  );
  t.equal((await build.collect()).exitCode, 0);
  const [product] = [...(await build.products()).values()];
  t.match(product, { path: "/usr/sbin/libvirtd", bytes: Buffer.from("ELF") });
});

t.test("the commands of a tree are one user, who has all that is in it", { skip }, async (t) => {
  const { build, tree } = await hostileTree(t, "id -u >>uids; stat -c %u src >>uids");
  for (let time = 0; time < 2; time += 1) t.equal((await build.collect()).exitCode, 0);
  const uids = readFileSync(join(tree, "uids"), "utf8").trim().split("\n");
  t.equal(uids.length, 4);
  t.equal(new Set(uids).size, 1);
  if (isRoot()) t.not(uids[0], "0");
});

t.test(
  "what no build reads is packed apart, and laid to the rest where it is asked for",
  async (t) => {
    const { build, tree, directory } = await hostileTree(t, "true");
    const { recipe } = build.options;
    const own = { ...build.options, recipe: { ...recipe, unread: "tests" } };
    const files = ["tests/data/a b/1.xml", "tests/-x/1.xml", "tests/own.c", "src/data/1.xml"];
    const built = "tests/built/meson.build";
    for (const file of [...files, built]) {
      mkdirSync(join(tree, "src", file, ".."), { recursive: true });
      writeFileSync(join(tree, "src", file), file);
    }
    // Whoever went by these would not come to an end.
    for (const [name, to] of Object.entries({ self: ".", again: ".", all: "/" })) {
      symlinkSync(to, join(tree, "src/tests/data", name));
    }
    const [tar, unread] = [join(directory, "tree.tar"), join(directory, "unread.tar")];
    await new BuildTree(tree, own).pack(tar, unread);
    const there = async (name: string, tars: readonly string[]): Promise<string[]> => {
      const restored = await BuildTree.restore(tars, join(directory, name), own);
      return [...files, built].filter((file) => existsSync(join(restored.directory, "src", file)));
    };
    t.same(await there("part", [tar]), ["tests/own.c", "src/data/1.xml", built]);
    t.same(await there("whole", [tar, unread]), [...files, built]);
    // A recipe that names no such folder has nothing apart.
    await build.pack(tar, unread);
    t.same(await there("plain", [tar]), [...files, built]);
    t.same(await there("both", [tar, unread]), [...files, built]);
  },
);

const HOSTILE: readonly [string, string][] = [
  ["a pipe that nobody writes to", "mkfifo list"],
  ["a link to a file of this machine", "ln -s /etc/hostname list"],
  ["a folder that is a link", "cd ..; rmdir products; ln -s /etc products"],
  [
    "more than memory holds",
    "for at in $(seq 0 9); do echo /usr/bin/$at; truncate -s 60M $at; done >list",
  ],
  ["a path that writes to a terminal", "printf '/usr/bin/\\033[2J\\n' >list; touch 0"],
  ["a path out of every folder", "echo /usr/lib/libvirt/../../../../tmp/evil >list; touch 0"],
  ["a path with a dot for a folder", "echo /usr/lib/./libvirt/a >list; touch 0"],
  ["a path that ends above itself", "echo /usr/lib/.. >list; touch 0"],
  ["nothing", "true"],
];

for (const [what, script] of HOSTILE) {
  t.test(`what a build leaves is not used when it is ${what}`, { skip }, async (t) => {
    const { build } = await hostileTree(t, IN_PRODUCTS + script);
    await build.collect();
    await t.rejects(build.products(), { code: "NOT_OF_THE_BUILD" });
  });
}

t.test("a build cannot have a later one see another folder", { skip }, async (t) => {
  const { build, tree } = await hostileTree(t, "rm -rf src && ln -s ../../../../etc src");
  t.not((await build.collect()).exitCode, 0, "the source is no less protected then");
  renameSync(join(tree, "src"), join(tree, "src.old"));
  symlinkSync("/etc", join(tree, "src"));
  await t.rejects(build.compile(), { code: "NOT_OF_THE_BUILD" });
});

t.test("a tree deeper than a path may be long is removed", { skip }, async (t) => {
  const deep = `import os\nfor _ in range(600):\n  os.mkdir("d" * 9)\n  os.chdir("d" * 9)`;
  const { build, tree, log } = await hostileTree(t, `python3 -c '${deep}'`);
  t.equal((await build.collect()).exitCode, 0, readFileSync(log, "utf8"));
  await removeTree(tree);
  t.notOk(existsSync(tree));
});
