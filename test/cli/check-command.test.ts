import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { ROOT, xenloop } from "./run-xenloop.ts";

const PATCHES = join(ROOT, "test/fixtures/patches");

t.test("what cannot be checked is said before anything is built", async (t) => {
  const cwd = t.testdir({ folder: {}, "words.txt": "no patch\n", "x.tar": "" });
  const cases: [string[], RegExp][] = [
    [[], /--libvirt SOURCE/],
    [["--libvirt", "nowhere"], /nowhere cannot be built: it is not there/],
    [["--libvirt", "folder"], /a folder without \.git/],
    [["--libvirt", "debian"], /needs a patch/],
    [["--libvirt", "x.tar", "--base", "v1", "--patch", "words.txt"], /needs a git checkout/],
    [["--libvirt", "debian", "--patch", "words.txt"], /words\.txt is no patch/],
    [["--libvirt", "debian", "--patch", "absent, or.patch"], /absent, or\.patch .* not there/],
    [["--libvirt", "debian", "--prepare", "--each"], /leave out --patch and --each/],
    [["--libvirt", "debian", "--patch", "folder"], /folder is no patch: it is a folder/],
    [["--libvirt", "debian", "--patch", "x.tar", "b.patch"], /b\.patch .* a --patch of its own/],
  ];
  for (const [args, said] of cases) {
    const { exitCode, stderr } = await xenloop(["check", "--cache", join(cwd, "c"), ...args], {
      cwd,
    });
    t.equal(exitCode, 64, `${args.join(" ")}: ${stderr}`);
    t.match(stderr, said);
    t.match(stderr, /\n +→ /, "with the next thing to do");
  }
});

t.test("the cells are those that the patch can touch, with both builds", async (t) => {
  const cache = t.testdir({});
  const cells = async (...args: string[]) => {
    const common = ["check", "--libvirt", "debian", "--host", "debian-12", "--dry-run"];
    const { exitCode, stdout, stderr } = await xenloop([...common, ...args], {
      env: { XENLOOP_CACHE: cache },
    });
    t.equal(exitCode, 0, stderr);
    return [...stdout.matchAll(/^ +(\S+\[\S+\])/gm)].map(([, id]) => id);
  };
  const migration = await cells("--patch", join(PATCHES, "p2p.patch"));
  t.equal(migration[0], "build[debian-12,libvirt=patched]");
  t.ok(migration.includes("live-migration[debian-12,libvirt=patched]"));
  t.ok(migration.includes("live-migration[debian-12,libvirt=base]"));
  t.notOk(migration.some((id) => id?.startsWith("pv-boot")));
  const series = ["message", "crash"].flatMap((name) => ["-p", join(PATCHES, `${name}.patch`)]);
  t.same(await cells("--each", ...series, "pv-boot"), [
    ...["build[debian-12,libvirt=patch-1]", "build[debian-12,libvirt=patch-2]"],
    ...["patch-1", "patch-2", "base"].map((build) => `pv-boot[debian-12,libvirt=${build}]`),
  ]);
});

t.test("a checkout that differs in nothing has nothing to check", async (t) => {
  const cwd = t.testdir({});
  const tree = join(cwd, "libvirt");
  mkdirSync(join(tree, "src/libxl"), { recursive: true });
  for (const name of ["meson.build", "src/libxl/a.c"]) writeFileSync(join(tree, name), "\n");
  const git = ["git", "-C", tree, "-c", "user.name=dev", "-c", "user.email=dev@example.org"];
  await runTool([...git, "init", "-q"]);
  await runTool([...git, "add", "-A"]);
  await runTool([...git, "commit", "-q", "-m", "base"]);
  const check = (product: string, ...more: string[]) =>
    xenloop(["check", `--${product}`, "libvirt", "--cache", join(cwd, "cache"), ...more], { cwd });
  const { exitCode, stderr } = await check("libvirt");
  t.equal(exitCode, 64);
  t.match(stderr, /nothing in it differs from HEAD/);
  const other = await check("xen");
  t.equal(other.exitCode, 64);
  t.match(other.stderr, /it has no xen\/Makefile: it is not xen's/);

  writeFileSync(join(tree, "src/libxl/a.c"), "int a;\n");
  const patch = ["--patch", join(PATCHES, "message.patch"), "--dry-run", "--host", "debian-12"];
  const told = await check("libvirt", ...patch);
  t.equal(told.exitCode, 0, told.stderr);
  t.match(told.stderr, /^warning: what is not committed in .*libvirt is no part of this check/m);
});
