import { messageOf } from "../../harness/base/error.ts";
import type { RunResult } from "../../harness/events/result.ts";
import { bodies, type Links } from "./body.ts";
import { placeCheck, type CheckOutcome } from "./check.ts";
import type { GithubClient } from "./client.ts";
import { placeComment, type CommentOutcome } from "./comment.ts";
import { GithubRefused } from "./errors.ts";
import type { PublishTarget } from "./target.ts";

export interface Publication {
  comment: CommentOutcome | "refused" | "failed" | "no pull request";
  check: CheckOutcome | "refused" | "failed";
  /** Sentences for the log: what was not published, and why. */
  notes: string[];
  /** The texts, from the longest to the shortest, for wherever else they go. */
  texts: string[];
}

/**
 * Says at the commit and on its pull request what a run found. What GitHub refuses, as it does
 * with the read-only token of a fork's pull request, is told in the notes; nothing is thrown for it.
 * @param result without credentials in it
 */
export async function publish(
  client: GithubClient,
  result: RunResult,
  target: PublishTarget,
): Promise<Publication> {
  const notes: string[] = [];
  const failed = (what: string) => (error: unknown) => {
    notes.push(`${what}: ${messageOf(error)}`);
    return error instanceof GithubRefused ? ("refused" as const) : ("failed" as const);
  };
  const artifact = await artifactOf(client, target).catch((error: unknown) => {
    failed("no link to the artifact")(error);
    return undefined;
  });
  const links: Links = {
    run: target.runUrl,
    ...(artifact !== undefined && { artifact: `${target.runUrl}/artifacts/${artifact}` }),
  };
  const texts = bodies(result, links);
  const { sha, key, run } = target;
  const check = await placeCheck(
    client,
    result,
    { sha, name: key, run, detailsUrl: target.runUrl },
    texts,
  ).catch(failed("no check"));
  const comment = await comments(client, target, texts, notes).catch(failed("no comment"));
  return { comment, check, notes, texts };
}

async function comments(
  client: GithubClient,
  target: PublishTarget,
  texts: readonly string[],
  notes: string[],
): Promise<Publication["comment"]> {
  const number = await pullOf(client, target);
  if (number === undefined) return "no pull request";
  const outcome = await placeComment(client, { ...target, number }, texts);
  if (outcome === "stale") notes.push(`#${number} has a newer commit or run, which has the word`);
  return outcome;
}

async function pullOf(client: GithubClient, target: PublishTarget): Promise<number | undefined> {
  if (target.pull !== undefined) return target.pull;
  if (target.head === undefined) return undefined;
  return (await client.findPull(target.head.owner, target.head.branch, target.sha))?.number;
}

async function artifactOf(
  client: GithubClient,
  { run, artifact }: PublishTarget,
): Promise<number | undefined> {
  return artifact === undefined ? undefined : client.findArtifact(run, artifact);
}
