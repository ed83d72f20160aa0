import { failuresOf } from "../../harness/events/failure-title.ts";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import { excuseOf, failsWithoutPatch, isUndecided } from "../compared.ts";
import { plainLine } from "../text.ts";
import type { Annotation, CheckRun, GithubClient } from "./client.ts";
import { GithubRefused, GithubUnprocessable } from "./errors.ts";
import { conclusionOf, headline } from "./headline.ts";

/** GitHub takes so many at once, and adds those of an update. */
const PER_REQUEST = 50;
const ANNOTATIONS = 200;
const LONGEST = 65_000;
const MESSAGE_LONGEST = 2_000;
const STATUS_LONGEST = 140;

export interface CheckTarget {
  sha: string;
  /** As the list of checks shows it. */
  name: string;
  /** Of the CI service. */
  run: number;
  detailsUrl?: string;
}

export type CheckOutcome = "check-run" | "status";

/**
 * Says at the commit whether the change may go on: by a check run, or by a commit status where
 * the token is a person's, who may not make check runs.
 * @throws GithubRefused | GithubUnprocessable | GithubUnreachable
 */
export async function placeCheck(
  client: GithubClient,
  result: RunResult,
  target: CheckTarget,
  bodies: readonly string[],
): Promise<CheckOutcome> {
  const { sha, name, run, detailsUrl } = target;
  const annotations = annotationsOf(result);
  const check: CheckRun = {
    name,
    sha,
    externalId: `xenloop-${run}`,
    conclusion: conclusionOf(result),
    title: headline(result),
    summary: bodies.find(({ length }) => length <= LONGEST) ?? headline(result),
    annotations: annotations.slice(0, PER_REQUEST),
    ...(detailsUrl !== undefined && { detailsUrl }),
  };
  try {
    await writeCheckRun(client, check, annotations.slice(PER_REQUEST));
    return "check-run";
  } catch (error) {
    if (!(error instanceof GithubRefused) && !(error instanceof GithubUnprocessable)) throw error;
    await client.createStatus({
      sha,
      context: name,
      state: check.conclusion === "failure" ? "failure" : stateOf(check.conclusion),
      description: plainLine(check.title, STATUS_LONGEST),
      ...(detailsUrl !== undefined && { targetUrl: detailsUrl }),
    });
    return "status";
  }
}

async function writeCheckRun(
  client: GithubClient,
  check: CheckRun,
  more: readonly Annotation[],
): Promise<void> {
  const { sha, name, externalId } = check;
  const known = await client.findCheckRun(sha, name, externalId);
  if (known !== undefined) {
    // Those of the first time are there already, and would be added once more.
    await client.updateCheckRun(known, { ...check, annotations: [] });
    return;
  }
  const id = await client.createCheckRun(check);
  for (let from = 0; from < more.length; from += PER_REQUEST) {
    const annotations = more.slice(from, from + PER_REQUEST);
    await client.updateCheckRun(id, { ...check, annotations });
  }
}

function stateOf(conclusion: CheckRun["conclusion"]): "success" | "error" {
  return conclusion === "cancelled" ? "error" : "success";
}

/** One a failure, at the scenario that met it. */
export function annotationsOf({ cells }: RunResult): Annotation[] {
  const own = cells.filter((cell) => !failsWithoutPatch(cell));
  return failuresOf(own)
    .slice(0, ANNOTATIONS)
    .map(({ title, cells: alike }) => {
      const [first] = alike;
      const where = alike.map(({ id }) => plainLine(id, 100)).slice(0, 10);
      const scenario = /^[\w.-]+$/.exec(first?.scenario ?? "")?.[0] ?? "unknown";
      return {
        path: `scenarios/${scenario}.ts`,
        start_line: 1,
        end_line: 1,
        annotation_level: levelOf(alike),
        title: plainLine(title, 200) || "failed",
        message: plainLine(where.join(", "), MESSAGE_LONGEST) || "no cell",
      };
    });
}

function levelOf(alike: readonly CellResult[]): Annotation["annotation_level"] {
  if (alike.every((cell) => cell.known ?? excuseOf(cell))) return "notice";
  return alike.every(isUndecided) ? "warning" : "failure";
}
