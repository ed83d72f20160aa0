import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import { XENLOOP } from "../cli/run-xenloop.ts";
import { readAction } from "./fixtures/action.ts";
import { readWorkflow, WORKFLOW_FILES, type Step } from "./fixtures/workflow.ts";

/** What the expressions of the workflows may come to. */
const VALUES: Record<string, string> = {
  SHARDS: "2",
  TAGS: "smoke",
  SHARD: "1/2",
  GITHUB_TOKEN: "t",
  XENLOOP_RUNS: "history",
  BASE: "HEAD",
  XENLOOP: "./xenloop",
  ARTIFACT: "run",
};
const SENTINEL = "--the-end-of-the-line";

/** The lines of a script that run xenloop, without where their output goes. */
function xenloopLines({ run = "" }: Step): string[] {
  const lines = run.replaceAll("\\\n", " ").split("\n");
  return lines
    .map((line) => line.replaceAll('"$XENLOOP"', "./xenloop"))
    .filter((line) => line.includes("./xenloop "))
    .map((line) => line.replace(/ >\S+$/, ""));
}

/** A workflow's steps, with those of the action that publishes in its place. */
function stepsOf(file: string): Step[] {
  const steps = Object.values(readWorkflow(file).workflow.jobs).flatMap((job) => job.steps);
  return steps.flatMap((step) =>
    step.uses === "./publish" ? readAction("publish/action.yml").runs.steps : [step],
  );
}

// What the action for forks of libvirt runs is played in action.test.ts.
for (const file of WORKFLOW_FILES.filter((file) => file !== "libvirt.yml")) {
  t.test(file, async (t) => {
    // The first option that the program does not know ends it before it does anything, so that
    // being refused for the one that is added shows all others to be right.
    const cwd = t.testdir();
    const shim = join(cwd, "xenloop");
    writeFileSync(shim, `#!/bin/sh\nexec '${XENLOOP}' "$@" ${SENTINEL}\n`);
    chmodSync(shim, 0o755);
    const lines = stepsOf(file).flatMap((step) =>
      xenloopLines(step).map((line) => ({ line, step })),
    );
    t.ok(lines.length > 0);
    for (const { line, step } of lines) {
      const variables = Object.keys(step.env ?? {});
      t.strictSame(
        variables.filter((name) => !(name in VALUES)),
        [],
        "every variable has a value here",
      );
      const env = Object.fromEntries(variables.map((name) => [name, VALUES[name]]));
      const { exitCode, stderr } = await execa("bash", ["-euo", "pipefail", "-c", line], {
        cwd,
        env: { NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
        reject: false,
        stdin: "ignore",
      });
      t.equal(exitCode, 64, line);
      t.match(stderr, `has no option ${SENTINEL} `, line);
    }
  });
}
