import t from "tap";
import { placeComment, type CommentTarget } from "../../../reports/github/comment.ts";
import type { Call, Trouble } from "./fixtures/fake-github.ts";
import { HEAD, NEWER, open } from "./fixtures/publishing.ts";

const TARGET: CommentTarget = { number: 12, key: "xenloop", sha: HEAD, run: 7 };
const MARKER = "<!-- xenloop:comment:v1 key=xenloop -->";
const BOT = "github-actions[bot]";

/** The trouble of `troubles`, in order, for calls of this kind. */
function inOrder(kind: string, ...troubles: (Trouble | undefined)[]) {
  return ({ method, path }: Call) =>
    `${method} ${path}`.startsWith(kind) ? troubles.shift() : undefined;
}

t.test("created once, then written anew in place, on whatever page it is", async (t) => {
  const { github, client } = await open(t);
  for (let n = 0; n < 130; n += 1) github.add("somebody", `comment ${n}`);
  t.equal(await placeComment(client, TARGET, ["one"]), "created");
  for (let n = 0; n < 130; n += 1) github.add("somebody", `comment ${n}`);
  t.equal(await placeComment(client, TARGET, ["one"]), "unchanged");
  t.equal(await placeComment(client, { ...TARGET, run: 8 }, ["two"]), "updated");
  t.equal(github.comments.length, 261);
  t.match(github.comments[130]?.body, /^<!-- xenloop:comment:v1 key=xenloop -->\n<!-- .*\ntwo$/);
  t.equal(github.calledWith("POST").length, 1);
});

t.test("what others wrote is not touched, and no comment of another workflow", async (t) => {
  const { github, client } = await open(t);
  github.add("mallory", `${MARKER}\nmine now`);
  github.add(BOT, "<!-- xenloop:comment:v1 key=nightly -->\nanother");
  github.add(BOT, `quoted\n${MARKER}`);
  const before = structuredClone(github.comments);
  t.equal(await placeComment(client, TARGET, ["one"]), "created");
  t.strictSame(github.comments.slice(0, 3), before);
  t.equal(github.comments.length, 4);
});

t.test("a person's token writes and finds under the person's name", async (t) => {
  const { github, client } = await open(t);
  github.user = "dev";
  github.add(BOT, `${MARKER}\nof the bot`);
  await placeComment(client, TARGET, ["one"]);
  await placeComment(client, TARGET, ["two"]);
  t.match(github.comments, [{ user: { login: BOT }, body: /of the bot/ }, { body: /two$/ }]);
  t.equal(github.comments.length, 2);
});

t.test("502 after the work was done makes no second comment", async (t) => {
  for (const done of [true, false]) {
    const { github, client } = await open(t);
    github.script = inOrder("POST", { status: 502, done });
    t.equal(await placeComment(client, TARGET, ["one"]), "created");
    t.equal(github.comments.length, 1, `done: ${done}`);
  }
});

t.test("two of ours become one", async (t) => {
  const { github, client } = await open(t);
  const first = github.add(BOT, `${MARKER}\n<!-- run=1 commit=a -->\nold`);
  github.add("somebody", "hello");
  github.add(BOT, `${MARKER}\n<!-- run=2 commit=a -->\nolder`);
  t.equal(await placeComment(client, TARGET, ["new"]), "updated");
  t.equal(github.comments.length, 2);
  t.match(github.comments[0], { id: first.id, body: /new$/ });
});

t.test("two jobs that write at the same moment leave one", async (t) => {
  const { github, client } = await open(t);
  let isOther = false;
  github.script = ({ method }) => {
    if (method === "POST" && !isOther) {
      isOther = true;
      github.add(BOT, `${MARKER}\n<!-- run=7 commit=a -->\nof the other job`);
    }
    return undefined;
  };
  await placeComment(client, TARGET, ["one"]);
  t.equal(github.comments.length, 1);
});

t.test("a head that moved, or a newer run, has the word", async (t) => {
  const { github, client } = await open(t);
  github.pulls[0]!.head.sha = NEWER;
  t.equal(await placeComment(client, TARGET, ["old"]), "stale");
  t.equal(github.comments.length, 0);
  github.pulls[0]!.head.sha = HEAD;
  github.add(BOT, `${MARKER}\n<!-- run=9 commit=${HEAD} -->\nnewer`);
  t.equal(await placeComment(client, TARGET, ["old"]), "stale");
  t.match(github.comments, [{ body: /newer$/ }]);
});

t.test("one that was deleted meanwhile is written anew", async (t) => {
  const { github, client } = await open(t);
  github.add(BOT, `${MARKER}\n<!-- run=1 commit=a -->\nold`);
  github.script = ({ method }) => {
    if (method === "PATCH") github.comments.length = 0;
    return undefined;
  };
  t.equal(await placeComment(client, TARGET, ["one"]), "created");
  t.equal(github.comments.length, 1);
});

t.test("down the ladder: the longest that GitHub takes", async (t) => {
  const { github, client } = await open(t);
  const bodies = ["x".repeat(70_000), "y".repeat(60_000), "z"];
  await placeComment(client, TARGET, bodies);
  t.match(github.comments[0]?.body, /y{60000}$/);
  github.script = inOrder("PATCH", { status: 422, message: "body is too long" });
  await placeComment(client, { ...TARGET, run: 8 }, ["w", "v"]);
  t.match(github.comments[0]?.body, /\nv$/, "its own idea of too long is heard");
  await placeComment(client, { ...TARGET, run: 9 }, ["u".repeat(80_000)]);
  t.equal(github.comments[0]?.body.length, 65_000, "the last resort is cut");
});

t.test("limits are waited out, as long as GitHub says", async (t) => {
  const { github, client, waits, now } = await open(t);
  const reset = Math.ceil(now() / 1000) + 30;
  const spent = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
  github.script = inOrder(
    "POST",
    {
      status: 403,
      headers: { "retry-after": "7" },
      message: "You have exceeded a secondary rate limit",
    },
    { status: 403, headers: spent, message: "API rate limit exceeded" },
    { status: 429 },
    undefined,
  );
  t.equal(await placeComment(client, TARGET, ["one"]), "created");
  t.equal(github.comments.length, 1);
  t.equal(waits[0], 7_000);
  t.ok(waits[1]! > 20_000 && waits[1]! <= 32_000, String(waits[1]));
  t.equal(waits[2], 60_000, "without a word, a minute");
});

t.test("patience ends", async (t) => {
  const { github, client, waits } = await open(t, 100_000);
  github.script = inOrder("GET", ...Array<Trouble>(20).fill({ status: 503 }));
  await t.rejects(placeComment(client, TARGET, ["one"]), { code: "GITHUB_UNREACHABLE" });
  t.strictSame(waits, [1_000, 2_000, 4_000, 8_000, 16_000]);
  const hour = { status: 429, headers: { "retry-after": "3600" } };
  github.script = inOrder("GET", hour);
  await t.rejects(placeComment(client, TARGET, ["one"]), { code: "GITHUB_UNREACHABLE" });
  t.equal(waits.length, 5, "an hour is not begun");
});

t.test("what the token may not do is refused at once", async (t) => {
  const { github, client, waits } = await open(t);
  const message = "Resource not accessible by integration";
  github.script = inOrder("POST", { status: 403, message });
  await t.rejects(placeComment(client, TARGET, ["one"]), { code: "GITHUB_REFUSED", status: 403 });
  t.strictSame(waits, []);
  await t.rejects(placeComment(client, { ...TARGET, number: 99 }, ["one"]), {
    code: "GITHUB_REFUSED",
    status: 404,
  });
});
