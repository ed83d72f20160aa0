import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t, { type Test } from "tap";
import { FakeGithub } from "../reports/github/fixtures/fake-github.ts";
import { readAction } from "./fixtures/action.ts";
import { readWorkflow } from "./fixtures/workflow.ts";

const { workflow: tests } = readWorkflow("pr.yml");
const { workflow: publish } = readWorkflow("publish.yml");
const steps = publish.jobs["publish"]?.steps ?? [];
const action = readAction("publish/action.yml");
const use = steps.find(({ uses }) => uses === "./publish");
const [look, ...others] = action.runs.steps;

/** Runs the step that looks for the artifact as a runner does. */
async function lookFor(t: Test, github: FakeGithub) {
  const output = join(t.testdir(), "output");
  writeFileSync(output, "");
  const env = {
    RUN: "7",
    ARTIFACT: action.inputs["artifact"]?.default,
    TOKEN: github.token,
    GITHUB_API_URL: github.url,
    no_proxy: "127.0.0.1",
    GITHUB_REPOSITORY: "xen/libvirt",
    GITHUB_OUTPUT: output,
  };
  const { exitCode, stdout, stderr } = await execa(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", look?.run ?? "exit 9"],
    { env, reject: false, stdin: "ignore" },
  );
  return { exitCode, stdout, stderr, output: readFileSync(output, "utf8") };
}

t.test("it follows the workflow that tests, and takes its artifact", async (t) => {
  const after = publish.on["workflow_run"] as { workflows: string[]; types: string[] };
  t.strictSame(after, { workflows: [tests.name], types: ["completed"] });
  const uploads = Object.values(tests.jobs).flatMap((job) => job.steps);
  const upload = uploads.find(({ uses }) => uses?.startsWith("actions/upload-artifact"));
  t.equal(action.inputs["artifact"]?.default, upload?.with?.["name"]);
  t.match(use?.with?.["run"], "github.event.workflow_run.id");
  const download = action.runs.steps.find(({ uses }) => uses?.includes("download-artifact"));
  t.match(download?.with?.["name"], "inputs.artifact");
  t.match(download?.with?.["run-id"], "inputs.run");
});

t.test("a run that has left an artifact is published", async (t) => {
  const github = await FakeGithub.start(t);
  github.artifacts.push({ id: 5, name: "run" });
  const { exitCode, stderr, output } = await lookFor(t, github);
  t.equal(exitCode, 0, stderr);
  t.equal(output, "artifact=there\n");
  t.same(github.calledWith("GET"), ["/repos/xen/libvirt/actions/runs/7/artifacts"]);
});

t.test("a run without one, as of a change that needs no check, ends there", async (t) => {
  const github = await FakeGithub.start(t);
  github.artifacts.push({ id: 5, name: "another" });
  const { exitCode, stdout, stderr, output } = await lookFor(t, github);
  t.equal(exitCode, 0, stderr);
  t.equal(output, "");
  t.match(stdout, "Run 7 has left no artifact run");
  const condition = `steps.${look?.id}.outputs.artifact == 'there'`;
  t.ok(others.length > 0);
  for (const step of others) t.equal(step.if, condition, step.name ?? step.uses ?? "");
});

t.test("where GitHub does not say what a run has left, that is no success", async (t) => {
  const github = await FakeGithub.start(t);
  github.script = () => ({ status: 403 });
  const { exitCode, stderr, output } = await lookFor(t, github);
  t.not(exitCode, 0);
  t.match(stderr, "403");
  t.equal(output, "");
});

t.test("the token that writes meets no code of a pull request", async (t) => {
  const [checkout] = steps;
  t.match(checkout?.uses, /^actions\/checkout@/);
  t.equal(checkout?.with, undefined, "the default branch, not the commit of the run");
  const scripts = [...steps, ...action.runs.steps].flatMap(({ run }) => run ?? []);
  const commands = scripts.map((text) => text.split("\n").find((line) => !line.startsWith("#")));
  t.strictSame(
    commands.map((text) => text?.split(" ").slice(0, 3)),
    [
      ['answer="$(curl', "--fail", "--silent"],
      ['"$XENLOOP"', "report", "publish"],
    ],
  );
});
