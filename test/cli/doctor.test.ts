import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { hasEntry } from "../../harness/cli/doctor/package-checks.ts";
import { xenloop } from "./run-xenloop.ts";

interface Report {
  version: number;
  runnable: boolean;
  checks: { id: string; status: string; detail: string; fix?: string }[];
}

// The entry script and Node, and of what xenloop needs, nothing.
const TOOLS = ["cat", "node", "readlink", "sh", "sha256sum"];

t.test("a machine that has nothing is told everything it lacks, and how to get it", async (t) => {
  const bin = join(t.testdir({}), "bin");
  await mkdir(bin);
  for (const tool of TOOLS) await symlink(findProgram(tool)!, join(bin, tool));
  const { exitCode, stdout } = await xenloop(["doctor", "--json"], { env: { PATH: bin } });
  t.equal(exitCode, 2);
  const { version, runnable, checks } = JSON.parse(stdout) as Report;
  t.equal(version, 1);
  t.equal(runnable, false);
  const find = (id: string) => checks.find((check) => check.id === id);
  t.match(find("node"), { status: "ok" });
  t.match(find("qemu"), { status: "fail", fix: /qemu-system-x86/ });
  t.match(find("package:mmdebstrap"), { status: "fail", fix: /apt-get install .*mmdebstrap/ });
  t.equal(new Set(checks.map(({ id }) => id)).size, checks.length, "ids are unique");
  const silent = checks.filter(({ status, fix }) => status === "fail" && fix === undefined);
  t.strictSame(silent, [], "every failure has a fix");

  const text = await xenloop(["doctor"], { env: { PATH: bin } });
  t.match(text, { exitCode: 2, stdout: /^✖ mmdebstrap .*\n +→ .*apt-get install/m });
});

t.test("Vagrant is missed only by those who want it", async (t) => {
  const bin = join(t.testdir({}), "bin");
  await mkdir(bin);
  for (const tool of TOOLS) await symlink(findProgram(tool)!, join(bin, tool));
  const vagrant = async (env: Record<string, string>) => {
    const { stdout } = await xenloop(["doctor", "--json"], { env: { PATH: bin, ...env } });
    return (JSON.parse(stdout) as Report).checks.find(({ id }) => id === "vagrant");
  };
  t.match(await vagrant({}), { status: "ok", detail: /only hosts by Vagrant need it/ });
  const wanted = await vagrant({ XENLOOP_BACKEND: "vagrant" });
  t.match(wanted, { status: "fail", fix: /apt-get install .* vagrant / });
});

t.test("a disk without room is a failure, not a crash", async (t) => {
  const { stdout } = await xenloop(["doctor", "--json", "--cache", "/proc/nowhere"], {
    env: { XENLOOP_ACCEL: "tcg" },
  });
  const { checks } = JSON.parse(stdout) as Report;
  t.match(
    checks.find(({ id }) => id === "disk"),
    { status: "fail", fix: /XENLOOP_CACHE/ },
  );
});

t.test("a cache that cannot be made is a failure", async (t) => {
  const cache = join(t.testdir({ file: "" }), "file/cache");
  const { stdout } = await xenloop(["doctor", "--json", "--cache", cache], {
    env: { XENLOOP_ACCEL: "tcg" },
  });
  const { checks } = JSON.parse(stdout) as Report;
  t.match(
    checks.find(({ id }) => id === "disk"),
    { status: "fail", detail: /cannot be made: .*file is no directory/, fix: /XENLOOP_CACHE/ },
  );
});

t.test("entries of /etc/subuid", async (t) => {
  t.ok(hasEntry("me:100000:65536\n", "me", 1000));
  t.ok(hasEntry("you:1:2\n1000:100000:65536\n", "me", 1000), "by number");
  t.notOk(hasEntry("me:100000:1000\n", "me", 1000), "too small");
  t.notOk(hasEntry("meme:100000:65536\n", "me", 1000));
  t.notOk(hasEntry("", "me", 1000));
});
