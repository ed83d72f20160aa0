import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import { ROOT } from "../cli/run-xenloop.ts";
import { inputsOf, OWN_ACTIONS } from "./fixtures/action.ts";
import { needsOf, readWorkflow, WORKFLOW_FILES, type Job } from "./fixtures/workflow.ts";

/** The actions in use, and of their inputs those in use. */
const ACTIONS: Record<string, string[]> = {
  "actions/checkout": ["fetch-depth", "submodules", "path"],
  "actions/setup-node": ["node-version", "cache"],
  "actions/cache": ["path", "key", "restore-keys"],
  "actions/cache/restore": ["path", "key", "restore-keys"],
  "actions/cache/save": ["path", "key"],
  "actions/upload-artifact": ["name", "path", "overwrite"],
  "actions/download-artifact": ["name", "pattern", "path", "run-id", "github-token"],
};
const JOB_KEYS = "name needs if runs-on timeout-minutes outputs strategy steps".split(" ");
const STEP_KEYS = "id name if uses with env run".split(" ");
/** What the plan puts into each row of the matrix. */
const SHARD_FIELDS = ["index", "shard", "hosts", "cells", "seconds"];

/** What each may do; all but one only read. */
const READS = { contents: "read" };
const PERMISSIONS: Record<string, Record<string, string>> = {
  "ci.yml": READS,
  "libvirt.yml": READS,
  "nightly.yml": READS,
  "pr.yml": READS,
  "publish.yml": {
    ...READS,
    actions: "read",
    checks: "write",
    "pull-requests": "write",
    statuses: "write",
  },
};

t.strictSame(WORKFLOW_FILES, Object.keys(PERMISSIONS));

for (const file of WORKFLOW_FILES) {
  const { workflow } = readWorkflow(file);
  const jobs = Object.entries(workflow.jobs);

  t.test(`${file}: head`, async (t) => {
    t.equal(`${workflow.name}.yml`, file);
    t.ok(Object.keys(workflow.on).length > 0);
    t.strictSame(workflow.permissions, PERMISSIONS[file], "nothing is written to the repository");
    const runsForks = "pull_request" in workflow.on;
    t.notOk(runsForks && Object.values(workflow.permissions ?? {}).includes("write"));
    t.notOk("pull_request_target" in workflow.on, "code of a fork gets no token that writes");
    t.ok(workflow.concurrency?.group.startsWith(workflow.name));
  });

  t.test(`${file}: jobs`, async (t) => {
    const before = new Set<string>();
    for (const [name, job] of jobs) {
      t.strictSame(unknownKeys(job, JOB_KEYS), [], name);
      t.match(
        job["runs-on"],
        /^ubuntu-\d\d\.04$/,
        "a named version, that does not change by itself",
      );
      t.ok((job["timeout-minutes"] ?? 0) > 0, `${name} ends some time`);
      for (const need of needsOf(job)) t.ok(before.has(need), `${name} needs an earlier job`);
      before.add(name);
      t.match(job.steps[0], { uses: /^actions\/checkout@/ });
    }
  });

  t.test(`${file}: steps`, async (t) => {
    for (const step of jobs.flatMap(([, job]) => job.steps)) {
      const what = step.name ?? step.uses ?? step.run ?? "a step";
      t.strictSame(unknownKeys(step, STEP_KEYS), [], what);
      t.equal([step.uses, step.run].filter(Boolean).length, 1, `${what}: uses or run`);
      if (step.uses === undefined) continue;
      const own = OWN_ACTIONS[step.uses];
      if (own !== undefined) {
        t.strictSame(unknownKeys(step.with ?? {}, inputsOf(own)), [], step.uses);
        continue;
      }
      const [, action = "", version] = /^([\w./-]+)@(v\d+)$/.exec(step.uses) ?? [];
      t.ok(version, `${step.uses} is pinned by its major version`);
      t.strictSame(unknownKeys(step.with ?? {}, ACTIONS[action] ?? ["none"]), [], step.uses);
    }
  });

  t.test(`${file}: scripts`, async (t) => {
    for (const { run } of jobs.flatMap(([, job]) => job.steps)) {
      if (run === undefined) continue;
      t.notMatch(
        run,
        "${{",
        "values of a run reach a script by the environment, never as its text",
      );
      const { exitCode, stderr } = await execa("bash", ["-n"], { input: run, reject: false });
      t.equal(exitCode, 0, stderr || run);
      if (run.startsWith(".github/")) {
        t.doesNotThrow(() => accessSync(join(ROOT, run), constants.X_OK), `${run} can be run`);
      }
    }
  });

  t.test(`${file}: expressions name what is there`, async (t) => {
    for (const [name, job] of jobs) {
      for (const [expression, context, path] of references(job)) {
        t.ok(isThere(workflow.jobs, job, context, path.split(".")), `${name}: ${expression}`);
      }
    }
  });
}

t.test("artifacts are downloaded under names that are uploaded", async (t) => {
  const { jobs } = readWorkflow("nightly.yml").workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const inputs = (action: string) =>
    steps.flatMap((step) => (step.uses?.startsWith(action) ? [step.with ?? {}] : []));
  const uploads = inputs("actions/upload-artifact").map(({ name = "" }) => name);
  for (const { name, pattern } of inputs("actions/download-artifact")) {
    const start = pattern?.replace(/\*$/, "");
    t.ok(uploads.some((upload) => (start ? upload.startsWith(start) : upload === name)));
  }
});

function unknownKeys(value: object, known: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}

/** Each `steps.…`, `needs.…` and `matrix.…` in the expressions of a job. */
function references(job: Job): [expression: string, context: string, path: string][] {
  const expressions = [...JSON.stringify(job).matchAll(/\$\{\{(.*?)\}\}/g)].map(
    ([, text = ""]) => text,
  );
  return expressions.flatMap((text) =>
    [...text.matchAll(/\b(steps|needs|matrix)\.([\w.-]+)/g)].map(
      ([, context = "", path = ""]) => [text.trim(), context, path] as [string, string, string],
    ),
  );
}

function isThere(jobs: Record<string, Job>, job: Job, context: string, path: string[]): boolean {
  const [first = "", kind, last = ""] = path;
  if (context === "matrix") {
    const { include, ...axes } = job.strategy?.matrix ?? {};
    return first in axes || (include !== undefined && SHARD_FIELDS.includes(first));
  }
  if (context === "steps") return kind === "outputs" && job.steps.some(({ id }) => id === first);
  const isNeeded = needsOf(job).includes(first);
  return isNeeded && (kind === "result" || last in (jobs[first]?.outputs ?? {}));
}
