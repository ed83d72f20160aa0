import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import { XENLOOP } from "../cli/run-xenloop.ts";
import { readAction } from "./fixtures/action.ts";

const action = readAction("action.yml");
const { steps } = action.runs;
const running = steps.find(({ env }) => env?.["XENLOOP"] !== undefined);

/** Runs the action's script as a runner does; it only tells the cells, and starts no machine. */
async function play(cwd: string, inputs: Record<string, string>) {
  const shim = join(cwd, "xenloop");
  writeFileSync(shim, `#!/bin/sh\nexec '${XENLOOP}' "$@" --dry-run\n`);
  chmodSync(shim, 0o755);
  const given = Object.entries(running?.env ?? {}).map(([name, value]) => {
    const [, input = ""] = /inputs\.([a-z]+)/.exec(value) ?? [];
    return [name, input === "" ? shim : (inputs[input] ?? action.inputs[input]?.default)];
  });
  return execa(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", running?.run ?? "exit 9"],
    {
      cwd,
      env: { NO_COLOR: "1", FORCE_COLOR: undefined, ...(Object.fromEntries(given) as object) },
      reject: false,
      stdin: "ignore",
    },
  );
}

for (const file of ["action.yml", "publish/action.yml"]) {
  t.test(`${file}: every input is used, and every use is an input`, async (t) => {
    const { inputs, runs } = readAction(file);
    const used = [...JSON.stringify(runs.steps).matchAll(/\$\{\{ inputs\.([a-z]+) \}\}/g)];
    const names = new Set(used.map(([, name]) => name));
    t.strictSame([...names].sort(), Object.keys(inputs).sort());
    for (const { run, shell } of runs.steps) {
      if (run === undefined) continue;
      t.equal(shell, "bash");
      t.notMatch(run, "${{", "values reach a script by the environment, never as its text");
    }
  });
}

t.test("the cells that the inputs mean", async (t) => {
  const one = await play(t.testdir(), { scenarios: "pv-boot hvm-boot", hosts: "debian-12" });
  t.equal(one.exitCode, 0, one.stderr);
  t.match(one.stdout, "pv-boot[debian-12]");
  t.match(one.stdout, "hvm-boot[debian-12]");
  const tagged = await play(t.testdir(), {
    tags: "smoke",
    hosts: "debian-12,debian-13",
    retries: "1",
  });
  t.equal(tagged.exitCode, 0, tagged.stderr);
  t.match(tagged.stdout, "pv-boot[debian-13]");
  const none = await play(t.testdir(), {});
  t.equal(none.exitCode, 0, none.stderr);
});

t.test("a checkout of libvirt is checked against its base", async (t) => {
  const cwd = t.testdir({ libvirt: { "meson.build": "project('x')\n" } });
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=dev", "-c", "user.email=dev@example.org", ...words], {
      cwd: join(cwd, "libvirt"),
    });
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-q", "-m", "base");
  mkdirSync(join(cwd, "libvirt/src/libxl"), { recursive: true });
  writeFileSync(join(cwd, "libvirt/src/libxl/libxl_conf.c"), "\n");
  await git("add", "-A");
  await git("commit", "-q", "-m", "change");
  const inputs = { libvirt: "libvirt", base: "HEAD~1", hosts: "debian-12" };
  const { exitCode, stdout, stderr } = await play(cwd, inputs);
  t.equal(exitCode, 0, stderr);
  t.match(stdout, "build[debian-12,libvirt=patched]");
  t.match(stdout, "pv-boot[debian-12,libvirt=base]");
  const pushed = await play(cwd, { ...inputs, base: "HEAD", prepare: "true" });
  t.match(pushed.stdout, "the base would be built: libvirt for debian-12", pushed.stderr);
});
