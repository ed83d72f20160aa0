import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { execa } from "execa";
import t from "tap";
import { parse } from "yaml";
import { touchedTags } from "../../harness/check/source-map.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { LIBVIRT_PATHS } from "../fixtures/libvirt-paths.ts";
import { inputsOf, OWN_ACTIONS } from "./fixtures/action.ts";
import { readWorkflow, type Step, type Workflow } from "./fixtures/workflow.ts";

const { workflow } = readWorkflow("libvirt.yml");
const { changes, check } = workflow.jobs;
const call = workflow.on["workflow_call"] as { inputs: Record<string, { default: string }> };
const LABEL = call.inputs["label"]?.default;
const PATHS = call.inputs["paths"]?.default ?? "";

/** A repository with one commit, and what commits files to it. */
async function repository(cwd: string) {
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=dev", "-c", "user.email=dev@example.org", ...words], { cwd });
  const commit = async (...paths: string[]) => {
    for (const path of paths) {
      mkdirSync(join(cwd, path, ".."), { recursive: true });
      writeFileSync(join(cwd, path), "\n");
    }
    await git("add", "--all", "--force");
    await git("commit", "-q", "-m", paths.join(" "));
    return (await git("rev-parse", "HEAD")).stdout;
  };
  await git("init", "-q");
  const first = await commit("meson.build");
  return { git, commit, first };
}

t.test("a change of what Xen uses, a label, or a push asks for a check", async (t) => {
  const cwd = t.testdir();
  const { git, commit, first } = await repository(cwd);
  /** As GitHub merges a pull request of one commit, when the branch has gone on meanwhile. */
  const merged = async (path: string) => {
    await git("checkout", "-q", first);
    const head = await commit(path);
    await git("checkout", "-q", first);
    const base = await commit("src/libxl/libxl_driver.c");
    await git("merge", "-q", "--no-ff", "-m", "merge", head);
    return { base, merge: (await git("rev-parse", "HEAD")).stdout };
  };
  const step = changes?.steps.find(({ id }) => id === "paths");
  const asked = async (head: string, LABELS: string, event = "pull_request") => {
    const output = join(cwd, ".git/output");
    writeFileSync(output, "");
    await git("checkout", "-q", head);
    await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 9"], {
      cwd,
      env: { LABEL, PATHS, LABELS, GITHUB_EVENT_NAME: event, GITHUB_OUTPUT: output },
    });
    return readFileSync(output, "utf8");
  };
  const none = "[]";
  const libxl = await merged("src/libxl/libxl_conf.c");
  t.equal(await asked(libxl.merge, none), `base=${libxl.base}\nxen=true\n`, "src/libxl");
  const qemu = await merged("src/qemu/qemu_conf.c");
  t.equal(
    await asked(qemu.merge, none),
    `base=${qemu.base}\n`,
    "src/qemu alone: what others have merged is not the pull request's",
  );
  const labelled = '[\n  "bug",\n  "xen"\n]';
  t.equal(await asked(qemu.merge, labelled), `base=${qemu.base}\nxen=true\n`, "the label");
  t.equal(await asked(qemu.merge, '["xenial"]'), `base=${qemu.base}\n`, "another label");
  t.equal(await asked(qemu.base, "null", "push"), `base=${qemu.base}\nxen=true\n`, "a push");

  const checkout = changes?.steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
  t.equal(checkout?.with?.["fetch-depth"], 2, "a merge comes with its parents");
  const use = check?.steps.find(({ uses }) => uses === "xenloop/xenloop@main");
  t.equal(use?.with?.["base"], "${{ needs.changes.outputs.base }}", "and is compared with that");
});

t.test("a change is checked where the map has scenarios for it", async (t) => {
  const { git, commit } = await repository(t.testdir());
  // The first commit has it.
  const files = LIBVIRT_PATHS.filter((path) => path !== "meson.build");
  await commit(...files);
  const specs = PATHS.split(" ");
  const touched = await git("diff", "--name-only", "HEAD~1", "HEAD", "--", ...specs);
  const mapped = files.filter((path) => touchedTags([path], "libvirt").length > 0);
  t.same(touched.stdout.split("\n").sort(), mapped.sort());

  for (const spec of specs.filter((spec) => spec !== ".")) {
    const [, folder] = /^:!(.+)$/.exec(spec) ?? [];
    const [, name = ""] = /^:\(exclude,glob\)([^/]+)$/.exec(spec) ?? [];
    t.ok(folder ?? name, `${spec} leaves something out`);
    const path = folder === undefined ? name.replace("*", "x") : `${folder}/any.c`;
    t.same(touchedTags([path], "libvirt"), [], `${spec}: no scenario is for ${path}`);
  }
});

t.test("another label neither asks for a check nor ends one", async (t) => {
  /** What is used of GitHub's expressions means the same in JavaScript. */
  const valueOf = (expression: string, github: object): unknown =>
    runInNewContext(expression, { github, inputs: { label: LABEL } });
  const [, group = ""] = /^libvirt-\$\{\{(.+)\}\}$/.exec(workflow.concurrency?.group ?? "") ?? [];
  const pull = (run_id: string, event: object) => ({ run_id, event, ref: "refs/pull/1/merge" });
  const pushed = pull("1", { action: "synchronize" });
  const asking = pull("2", { action: "labeled", label: { name: LABEL } });
  const other = pull("3", { action: "labeled", label: { name: "bug" } });
  const another = pull("4", { action: "labeled", label: { name: "docs" } });
  const branch = { run_id: "5", event: {}, ref: "refs/heads/master" };
  t.equal(valueOf(group, pushed), "refs/pull/1/merge");
  t.equal(valueOf(group, asking), "refs/pull/1/merge", "the label starts the check anew");
  t.equal(valueOf(group, other), "3");
  t.equal(valueOf(group, another), "4");
  t.equal(valueOf(group, branch), "refs/heads/master");
  const condition = changes?.if ?? "";
  const starts = [pushed, asking, branch, other].map((github) => valueOf(condition, github));
  t.same(starts, [true, true, true, false]);
});

t.test("what the page tells forks to write fits to what is here", async (t) => {
  const page = readFileSync(join(ROOT, "docs/pull-requests.md"), "utf8");
  const files = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => text);
  const jobs = files.flatMap((text) => Object.values((parse(text) as Workflow).jobs));
  t.equal(jobs.length, 3);
  let calls = 0;
  for (const { uses, with: given = {}, steps = [] } of jobs as (Step & { steps?: Step[] })[]) {
    for (const step of steps) {
      const action = OWN_ACTIONS[step.uses ?? ""] ?? "";
      t.strictSame(without(step.with, inputsOf(action)), [], action);
    }
    if (uses === undefined) continue;
    calls += 1;
    t.equal(uses, "xenloop/xenloop/.github/workflows/libvirt.yml@main");
    t.strictSame(without(given, Object.keys(call.inputs)), []);
  }
  t.equal(calls, 1);
  const [, tests = "", publish = ""] = files;
  const told = parse(publish) as Workflow;
  const after = told.on["workflow_run"] as { workflows: string[] };
  t.strictSame(after.workflows, [(parse(tests) as Workflow).name]);
  const own = readWorkflow("publish.yml").workflow;
  t.strictSame(told.permissions, own.permissions);
  const condition = own.jobs["publish"]?.if?.replace(/^\$\{\{ | \}\}$/g, "");
  t.match(condition, "conclusion != 'cancelled'");
  t.equal(told.jobs["publish"]?.if, condition, "a run that was cancelled has nothing to say");
});

function without(given: object = {}, known: readonly string[]): string[] {
  return Object.keys(given).filter((name) => !known.includes(name));
}
