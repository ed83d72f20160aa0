import t from "tap";
import type { RunResult } from "../../../harness/events/result.ts";
import { publish } from "../../../reports/github/publish.ts";
import { HEAD, NEWER, open, RESULT, TARGET } from "./fixtures/publishing.ts";

const DENIED = { status: 403, message: "Resource not accessible by integration" };

t.test("a check run with its annotations, and the comment", async (t) => {
  const { github, client } = await open(t);
  github.artifacts.push({ id: 77, name: "other" }, { id: 78, name: "run" });
  const published = await publish(client, RESULT, { ...TARGET, artifact: "run" });
  t.match(published, { comment: "created", check: "check-run", notes: [] });
  const [check] = github.checks;
  t.match(check, { name: "xenloop", head_sha: HEAD, conclusion: "failure" });
  t.match(check?.output.title, /^2 new failures, /);
  t.match(check?.output.annotations, [{ annotation_level: "failure" }]);
  t.match(github.comments[0]?.body, "/actions/runs/7/artifacts/78' 'pv-boot[debian-sid]'");
});

t.test("published again, nothing is there twice", async (t) => {
  const { github, client } = await open(t);
  await publish(client, RESULT, TARGET);
  const before = github.checks[0]?.output.annotations.length;
  t.match(await publish(client, RESULT, TARGET), { comment: "unchanged", check: "check-run" });
  t.equal(github.checks.length, 1);
  t.equal(github.checks[0]?.output.annotations.length, before);
});

t.test("more annotations than GitHub takes at once", async (t) => {
  const { github, client } = await open(t);
  const red = RESULT.cells.find(({ status }) => status === "error")!;
  const words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".split(" ");
  const cells = words.flatMap((a) =>
    words.map((b) => ({ ...red, id: `${a}-${b}[h]`, reason: `${a} ${b} broke` })),
  );
  const result: RunResult = { ...RESULT, cells };
  await publish(client, result, TARGET);
  t.equal(github.checks[0]?.output.annotations.length, 144);
});

t.test("a person's token sets a commit status instead", async (t) => {
  const { github, client } = await open(t);
  github.script = ({ path }) => {
    const message = "You must authenticate via a GitHub App.";
    return path.endsWith("/check-runs") ? { status: 403, message } : undefined;
  };
  t.match(await publish(client, RESULT, TARGET), { check: "status", comment: "created" });
  t.match(github.statuses, [{ context: "xenloop", state: "failure" }]);
  t.ok(String(github.statuses[0]?.["description"]).length <= 140);
});

t.test("the read-only token of a fork: all is refused, and said", async (t) => {
  const { github, client } = await open(t);
  github.script = ({ method }) => (method === "GET" ? undefined : DENIED);
  const published = await publish(client, RESULT, TARGET);
  t.match(published, { comment: "refused", check: "refused" });
  t.match(published.notes, [/^no check: GitHub refuses to .*403/, /^no comment: GitHub refuses/]);
  t.match(published.texts[0], /^## /, "the text is there for the job's summary");
});

t.test("an outage costs what it hits, and no more", async (t) => {
  const { github, client } = await open(t);
  github.script = ({ path }) => (path.includes("/check-runs") ? { status: 500 } : undefined);
  t.match(await publish(client, RESULT, TARGET), { comment: "created", check: "failed" });
});

t.test("the pull request of a fork is found by its branch and commit", async (t) => {
  const { github, client } = await open(t);
  const { pull: _, ...found } = { ...TARGET, head: { owner: "fork", branch: "topic" } };
  t.match(await publish(client, RESULT, found), { comment: "created" });
  github.pulls[0]!.head.sha = NEWER;
  t.match(await publish(client, RESULT, found), { comment: "no pull request" });
  t.equal(github.comments.length, 1);
});

t.test("a bad token is named", async (t) => {
  const { github, client } = await open(t);
  github.script = () => ({ status: 401, message: "Bad credentials" });
  const { notes } = await publish(client, RESULT, TARGET);
  t.match(notes, [/401 Bad credentials/]);
  t.notOk(notes.some((note) => note.includes(github.token)));
});
