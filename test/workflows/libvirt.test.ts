import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import { parse } from "yaml";
import { ROOT } from "../cli/run-xenloop.ts";
import { inputsOf, OWN_ACTIONS } from "./fixtures/action.ts";
import { readWorkflow, type Step, type Workflow } from "./fixtures/workflow.ts";

const { workflow } = readWorkflow("libvirt.yml");
const call = workflow.on["workflow_call"] as { inputs: Record<string, { default: string }> };

t.test("a change of what Xen uses, a label, or a push asks for a check", async (t) => {
  const cwd = t.testdir();
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=dev", "-c", "user.email=dev@example.org", ...words], { cwd });
  const commit = async (path: string) => {
    mkdirSync(join(cwd, path, ".."), { recursive: true });
    writeFileSync(join(cwd, path), "\n");
    await git("add", "-A");
    await git("commit", "-q", "-m", path);
    return (await git("rev-parse", "HEAD")).stdout;
  };
  await git("init", "-q");
  const first = await commit("meson.build");
  const second = await commit("src/qemu/qemu_conf.c");
  await commit("src/libxl/libxl_conf.c");

  const step = workflow.jobs["changes"]?.steps.find(({ id }) => id === "paths");
  const defaults = { LABEL: call.inputs["label"]?.default, PATHS: call.inputs["paths"]?.default };
  const asked = async (env: { BASE: string; LABELS: string }, head = "HEAD") => {
    const output = join(cwd, ".git/output");
    writeFileSync(output, "");
    await git("checkout", "-q", head);
    await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 9"], {
      cwd,
      env: { ...defaults, ...env, GITHUB_OUTPUT: output },
    });
    return readFileSync(output, "utf8");
  };
  const none = "[]";
  t.equal(await asked({ BASE: second, LABELS: none }), "xen=true\n", "src/libxl");
  t.equal(await asked({ BASE: first, LABELS: none }, second), "", "src/qemu");
  const labelled = '[\n  "bug",\n  "xen"\n]';
  t.equal(await asked({ BASE: first, LABELS: labelled }, second), "xen=true\n", "the label");
  t.equal(await asked({ BASE: first, LABELS: '["xenial"]' }, second), "", "another label");
  t.equal(await asked({ BASE: "", LABELS: "null" }, second), "xen=true\n", "a push");
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
  const after = (parse(publish) as Workflow).on["workflow_run"] as { workflows: string[] };
  t.strictSame(after.workflows, [(parse(tests) as Workflow).name]);
  t.strictSame(
    (parse(publish) as Workflow).permissions,
    readWorkflow("publish.yml").workflow.permissions,
  );
});

function without(given: object = {}, known: readonly string[]): string[] {
  return Object.keys(given).filter((name) => !known.includes(name));
}
