import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { SHOWCASE } from "../reports/fixtures/showcase.ts";
import { FakeGithub } from "../reports/github/fixtures/fake-github.ts";
import { HEAD, WORKFLOW_RUN } from "../reports/github/fixtures/publishing.ts";
import { program } from "../matrix/fixtures/program.ts";

const DENIED = { status: 403, message: "Resource not accessible by integration" };

/** A recorded run and a job after the workflow that made it. */
async function job(t: Test) {
  const github = await FakeGithub.start(t);
  github.pulls.push({ number: 12, state: "open", head: { sha: HEAD, label: "fork:topic" } });
  const cwd = t.testdir({ run: { "20260301-020000-c0de": {} } });
  const events = SHOWCASE.map((event) => `${JSON.stringify(event)}\n`).join("");
  mkdirSync(join(cwd, "run/20260301-020000-c0de"), { recursive: true });
  writeFileSync(join(cwd, "run/20260301-020000-c0de/events.jsonl"), events);
  writeFileSync(join(cwd, "event.json"), JSON.stringify({ workflow_run: WORKFLOW_RUN }));
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: "xen/libvirt",
    GITHUB_EVENT_PATH: join(cwd, "event.json"),
    GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
    GITHUB_TOKEN: github.token,
  };
  const summary = () => readFileSync(join(cwd, "summary.md"), "utf8");
  const publish = (more: Record<string, string> = {}) =>
    program(["report", "publish", "run"], { cwd, env: { ...env, ...more } });
  return { github, cwd, publish, summary };
}

t.test("one comment and one check, however often", async (t) => {
  const { github, publish } = await job(t);
  const first = await publish();
  t.strictSame(first, { exitCode: 0, stdout: "comment: created\ncheck: check-run\n", stderr: "" });
  t.match((await publish()).stdout, "comment: unchanged");
  t.equal(github.comments.length, 1);
  t.equal(github.checks.length, 1);
});

t.test("a token that may only read: the job's summary has it, and it is said", async (t) => {
  const { github, publish, summary } = await job(t);
  github.script = ({ method }) => (method === "GET" ? undefined : DENIED);
  const { exitCode, stdout, stderr } = await publish();
  t.equal(exitCode, 0);
  t.match(stdout, "comment: refused\ncheck: refused\n::warning title=xenloop::no check");
  t.match(stderr, "the job's summary holds it instead");
  t.match(summary(), /^## ✖ xenloop: 2 new failures/);
  t.notMatch(`${stdout}${stderr}${summary()}`, github.token);
});

t.test("what is missing is asked for", async (t) => {
  const { cwd, publish } = await job(t);
  const noToken = await publish({ GITHUB_TOKEN: "", GH_TOKEN: "" });
  t.match(noToken, { exitCode: 64, stderr: /GITHUB_TOKEN is not set/ });
  t.match(await publish({ GITHUB_REPOSITORY: "" }), { exitCode: 64, stderr: /GITHUB_REPOSITORY/ });
  const shown = await program(["report", "publish", "run", "--dry-run"], { cwd });
  t.match(shown, { exitCode: 0, stdout: /^## ✖ xenloop/ });
});
