import type { Comment, GithubClient } from "./client.ts";
import { GithubRefused, GithubUnprocessable, GithubUnreachable } from "./errors.ts";

/** What GitHub says is the most, less a little for how it counts. */
const LONGEST = 65_000;
const ATTEMPTS = 3;

export interface CommentTarget {
  /** Of the pull request. */
  number: number;
  /** Tells the comments of several workflows apart. */
  key: string;
  /** The commit that was tested. */
  sha: string;
  /** Of the CI service; later runs have greater numbers. */
  run: number;
}

/** `stale`: the pull request has moved on, and its newer run has the word. */
export type CommentOutcome = "created" | "updated" | "unchanged" | "stale";

/**
 * Leaves exactly one comment of ours on the pull request. Written anew in place; one that another
 * person wrote is never touched, whatever it begins with.
 * @param bodies what to say, from the longest to the shortest
 * @throws GithubRefused | GithubUnprocessable | GithubUnreachable
 */
export async function placeComment(
  client: GithubClient,
  target: CommentTarget,
  bodies: readonly string[],
): Promise<CommentOutcome> {
  if ((await client.pull(target.number)).head !== target.sha) return "stale";
  const author = await client.login();
  const texts = bodies.map((body) => `${headOf(target)}\n${body}`);
  const fitting = texts.filter(({ length }) => length <= LONGEST);
  const ladder = fitting.length > 0 ? fitting : [texts.at(-1)!.slice(0, LONGEST)];
  for (let attempt = 1; ; attempt += 1) {
    const own = await ownComments(client, target, author);
    const [kept, ...others] = own;
    for (const { id } of others) await gone(client.deleteComment(id));
    if (kept && runIn(kept.body) > target.run) return "stale";
    if (kept && ladder.includes(kept.body)) return attempt === 1 ? "unchanged" : "created";
    try {
      if (kept) {
        await ladderOf(ladder, (text) => client.updateComment(kept.id, text));
        return "updated";
      }
      await ladderOf(ladder, (text) => client.createComment(target.number, text));
    } catch (error) {
      // It went away between the look and the word, or was written although GitHub said 502.
      const isGone = error instanceof GithubRefused && [404, 410].includes(error.status);
      const isUnsure = error instanceof GithubUnreachable && !kept;
      if (attempt >= ATTEMPTS || !((isGone && kept) || isUnsure)) throw error;
      continue;
    }
    // Another job may have written at the same moment: both see both, and keep the older.
    const now = await ownComments(client, target, author);
    for (const { id } of now.slice(1)) await gone(client.deleteComment(id));
    return "created";
  }
}

/** Tries shorter ones while GitHub finds them too long. */
async function ladderOf(
  texts: readonly string[],
  write: (text: string) => Promise<unknown>,
): Promise<void> {
  for (const [at, text] of texts.entries()) {
    try {
      await write(text);
      return;
    } catch (error) {
      if (!(error instanceof GithubUnprocessable) || at === texts.length - 1) throw error;
    }
  }
}

async function ownComments(
  client: GithubClient,
  { number, key }: CommentTarget,
  author: string,
): Promise<Comment[]> {
  const own: Comment[] = [];
  for await (const comment of client.comments(number)) {
    if (comment.author === author && comment.body.startsWith(markerOf(key))) own.push(comment);
  }
  return own;
}

function headOf({ key, sha, run }: CommentTarget): string {
  return `${markerOf(key)}\n<!-- run=${run} commit=${sha.replace(/[^0-9a-f]/g, "")} -->`;
}

function markerOf(key: string): string {
  return `<!-- xenloop:comment:v1 key=${key.replace(/[^\w.-]/g, "_")} -->`;
}

function runIn(body: string): number {
  return Number(/^<!-- run=(\d+) /m.exec(body)?.[1] ?? 0);
}

/** What somebody else deleted first is as good as deleted. */
async function gone(deletion: Promise<void>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (!(error instanceof GithubRefused && [404, 410].includes(error.status))) throw error;
  });
}
