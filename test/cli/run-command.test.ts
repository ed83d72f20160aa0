import { readdir } from "node:fs/promises";
import t from "tap";
import { xenloop } from "./run-xenloop.ts";

t.test("what is typed wrong costs no run: latest stays, nothing is made", async (t) => {
  const cwd = t.testdir({ file: "" });
  for (const [args, code] of [
    [["run", "--reporter", "jnit=x"], "UNKNOWN_REPORTER"],
    [["run", "--reporter", "junit=", "--dry-run"], "PATH"],
    [["run", ""], "SCENARIO_UNKNOWN"],
  ] as const) {
    const { exitCode, stderr } = await xenloop(args, { cwd });
    t.equal(exitCode, 64, args.join(" "));
    t.match(stderr, code);
  }
  t.strictSame(await readdir(cwd), ["file"]);
});

t.test("a place that takes no files is named, and is no mistake of the program", async (t) => {
  const cwd = t.testdir({ file: "" });
  const { exitCode, stderr } = await xenloop(["image", "build", "--cache", "file/cache"], { cwd });
  t.equal(exitCode, 2);
  t.match(stderr, /file\/cache.* cannot be used: mkdir: .*\[PATH_UNUSABLE\]/);
});

t.test("a dry run shows the accelerator that is asked for", async (t) => {
  const cwd = t.testdir({});
  const asked = await xenloop(["run", "pv-boot", "-n", "--accel", "kvm"], { cwd });
  t.match(asked, { exitCode: 0, stdout: /-accel kvm / });
  const auto = await xenloop(["run", "pv-boot", "-n", "--accel", "auto"], { cwd });
  t.match(auto, { exitCode: 0, stdout: /as under TCG[^]*-accel tcg/ });
});
