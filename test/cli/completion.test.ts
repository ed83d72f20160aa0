import { execa } from "execa";
import t from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { xenloop } from "./run-xenloop.ts";

/** What bash offers after a line that ends at the last word. */
async function offers(script: string, ...words: string[]): Promise<string[]> {
  const program = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _xenloop; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa("bash", ["-c", program, "bash", "xenloop", ...words]);
  return stdout.split("\n");
}

t.test("bash", async (t) => {
  const { stdout: script } = await xenloop(["completion", "bash"]);
  t.strictSame(
    await offers(script, "do"),
    ["doctor", "docs"].filter((word) => word.startsWith("do")),
  );
  t.strictSame((await offers(script, "config", "")).slice(0, 2), ["show", "schema"]);
  t.ok((await offers(script, "list", "--t")).includes("--tags"));
  t.strictSame(await offers(script, "run", "--accel", ""), ["auto", "kvm", "tcg"]);
  t.strictSame(await offers(script, "completion", "z"), ["zsh"]);
});

for (const shell of ["zsh", "fish"] as const) {
  const skip = findProgram(shell) === undefined && `${shell} is not installed`;
  t.test(`${shell} parses its script`, { skip }, async (t) => {
    const { stdout: script } = await xenloop(["completion", shell]);
    const { exitCode, stderr } = await execa(shell, ["-n"], { input: script, reject: false });
    t.equal(exitCode, 0, stderr);
  });
}

t.test("fish names every command with its options", async (t) => {
  const { stdout } = await xenloop(["completion", "fish"]);
  t.match(stdout, "-n '__fish_use_subcommand' -f -a 'doctor'");
  t.match(stdout, "-n '__fish_seen_subcommand_from run' -l accel -x -a 'auto kvm tcg'");
});
