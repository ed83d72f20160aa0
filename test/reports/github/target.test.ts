import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { publishTarget } from "../../../reports/github/target.ts";
import { HEAD, NEWER, WORKFLOW_RUN } from "./fixtures/publishing.ts";

function env(t: Test, event: unknown, more: Record<string, string> = {}) {
  const path = join(t.testdir(), "event.json");
  writeFileSync(path, JSON.stringify(event));
  return {
    GITHUB_REPOSITORY: "xen/libvirt",
    GITHUB_EVENT_PATH: path,
    GITHUB_SHA: NEWER,
    GITHUB_RUN_ID: "9",
    ...more,
  };
}

const key = { key: "xenloop" };

t.test("a pull request: its head, not the merge that GitHub checks out", async (t) => {
  const event = {
    pull_request: { number: 12, head: { sha: HEAD, ref: "topic" } },
    action: "opened",
  };
  t.match(publishTarget(env(t, event), key), { pull: 12, sha: HEAD, run: 9 });
});

t.test("after another workflow: the run that tested, and whose branch it was", async (t) => {
  const target = publishTarget(env(t, { workflow_run: WORKFLOW_RUN }), key);
  t.match(target, { sha: HEAD, run: 7, head: { owner: "fork", branch: "topic" } });
  t.equal(target.runUrl, "https://github.com/xen/libvirt/actions/runs/7");
  t.equal(target.pull, undefined);
  const pulls = [
    { number: 3, head: { sha: NEWER } },
    { number: 4, head: { sha: HEAD } },
  ];
  t.equal(
    publishTarget(env(t, { workflow_run: { ...WORKFLOW_RUN, pull_requests: pulls } }), key).pull,
    4,
  );
  const gone = publishTarget(
    env(t, { workflow_run: { ...WORKFLOW_RUN, head_repository: null } }),
    key,
  );
  t.equal(gone.head, undefined);
});

t.test("a push, and a GitHub of one's own", async (t) => {
  const more = { GITHUB_SERVER_URL: "https://git.example.org/" };
  const target = publishTarget(env(t, { ref: "refs/heads/main" }, more), key);
  t.match(target, { sha: NEWER, runUrl: "https://git.example.org/xen/libvirt/actions/runs/9" });
  t.equal(target.pull, undefined);
});

t.test("what is not known is asked for", async (t) => {
  const wrong = { code: "PUBLISH_TARGET_UNKNOWN" };
  t.throws(() => publishTarget({}, key), wrong);
  t.throws(() => publishTarget(env(t, {}, { GITHUB_SHA: "main" }), key), wrong);
  t.throws(() => publishTarget(env(t, {}, { GITHUB_REPOSITORY: "../etc" }), key), wrong);
  t.throws(() => publishTarget(env(t, { workflow_run: { id: "7" } }), key), wrong);
});
