import { copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import t, { type Test } from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { XENLOOP } from "./run-xenloop.ts";

// What the entry script calls; node and npm are stood for by programs that tell what they got.
const TOOLS = ["cat", "flock", "mktemp", "readlink", "rm", "sha256sum", "sh", "tail"];
const NODE = '#!/bin/sh\n[ "$1" = --version ] && echo "$NODE_VERSION" || echo "$PWD: $*"\n';
const NPM = `#!/bin/sh
echo "npm $*" >>npm.log
[ -z "$NPM_FAILS" ] || { echo "npm is out of luck" >&2; exit 1; }
sleep 0.3
mkdir -p node_modules
`;

/** A project with nothing but the entry script, and a PATH with nothing but what it needs. */
async function project(t: Test) {
  const root = t.testdir({ bin: {}, "package-lock.json": "{}", elsewhere: {} });
  await copyFile(XENLOOP, join(root, "xenloop"));
  const bin = join(root, "bin");
  for (const tool of [...TOOLS, "sleep", "mkdir"])
    await symlink(findProgram(tool)!, join(bin, tool));
  await writeFile(join(bin, "node"), NODE, { mode: 0o755 });
  await writeFile(join(bin, "npm"), NPM, { mode: 0o755 });
  const start = (env: Record<string, string> = {}, script = join(root, "xenloop")) =>
    execa(script, ["list", "a b"], {
      cwd: join(root, "elsewhere"),
      env: { PATH: bin, NODE_VERSION: "v20.19.0", NPM_FAILS: "", ...env },
      extendEnv: false,
      reject: false,
    });
  const installs = async () =>
    (await readFile(join(root, "npm.log"), "utf8").catch(() => ""))
      .trim()
      .split("\n")
      .filter(Boolean);
  return { root, bin, start, installs };
}

t.test("installs once, then hands over with the caller's directory", async (t) => {
  const { root, start, installs } = await project(t);
  const first = await start();
  t.equal(first.exitCode, 0, first.stderr);
  t.match(first.stderr, "installing the node packages of package-lock.json");
  const line = `${root}/elsewhere: --import ${root}/harness/base/typescript-loader.js ${root}/harness/cli/main.ts list a b`;
  t.equal(first.stdout, line);
  const second = await start();
  t.equal(second.stderr, "");
  t.strictSame(await installs(), ["npm ci --no-audit --no-fund"]);

  await writeFile(join(root, "package-lock.json"), '{ "changed": true }');
  await start();
  t.equal((await installs()).length, 2, "another lock file installs again");
  await rm(join(root, "node_modules"), { recursive: true });
  await start();
  t.equal((await installs()).length, 3, "so do missing packages");
});

t.test("two at once install once", async (t) => {
  const { start, installs } = await project(t);
  const both = await Promise.all([start(), start()]);
  t.strictSame(
    both.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  t.equal((await installs()).length, 1);
});

t.test("an install that fails shows why, and is tried again", async (t) => {
  const { start } = await project(t);
  const { exitCode, stdout, stderr } = await start({ NPM_FAILS: "1" });
  t.equal(exitCode, 2);
  t.equal(stdout, "");
  t.match(stderr, /npm is out of luck\nxenloop: npm ci does not succeed\n {2}→ cd .* && npm ci$/);
  t.equal((await start()).exitCode, 0);
});

t.test("is found through symbolic links", async (t) => {
  const { root, start } = await project(t);
  const link = join(root, "elsewhere/link");
  await symlink("../xenloop", link);
  const outer = join(root, "elsewhere/outer");
  await symlink(link, outer);
  t.match((await start({}, outer)).stdout, ` ${root}/harness/cli/main.ts list`);
});

t.test("a directory that is gone is said, not waited in", async (t) => {
  const { root } = await project(t);
  const gone = join(root, "gone");
  await mkdir(gone);
  const script = 'rmdir "$PWD" && exec "$0" list';
  const { exitCode, stderr } = await execa("sh", ["-c", script, join(root, "xenloop")], {
    cwd: gone,
    reject: false,
    timeout: 20_000,
  });
  t.equal(exitCode, 2);
  t.match(stderr, "the current directory is not there any more");
});

t.test("a Node that is too old or missing", async (t) => {
  const { bin, start } = await project(t);
  for (const version of ["v20.18.3", "v18.20.0", "v8.9.1"]) {
    const { exitCode, stderr } = await start({ NODE_VERSION: version });
    t.equal(exitCode, 2);
    t.match(stderr, `xenloop: Node.js is ${version}; it takes 20.19 or newer`);
  }
  for (const version of ["v20.19.0", "v22.0.0", "v100.1.2"]) {
    t.equal((await start({ NODE_VERSION: version })).exitCode, 0, version);
  }
  await rm(join(bin, "npm"));
  await writeFile(join(bin, "../package-lock.json"), "{ }");
  t.match(await start(), { exitCode: 2, stderr: /npm is not installed/ });
  await rm(join(bin, "node"));
  t.match(await start(), { exitCode: 2, stderr: /Node\.js is not installed/ });
});

t.test("package-lock.json installs what package.json asks for", async (t) => {
  const cwd = join(t.testdir({}), "project");
  await mkdir(cwd);
  for (const file of ["package.json", "package-lock.json"]) {
    await copyFile(join(XENLOOP, "..", file), join(cwd, file));
  }
  const args = ["ci", "--dry-run", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { exitCode, stderr } = await execa("npm", args, { cwd, reject: false });
  t.equal(exitCode, 0, stderr);
});
