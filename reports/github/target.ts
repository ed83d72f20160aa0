import { readFileSync } from "node:fs";
import { z } from "zod";
import { messageOf } from "../../harness/base/error.ts";
import { PublishTargetUnknown } from "./errors.ts";

export interface PublishTarget {
  /** `owner/name`. */
  repository: string;
  /** Commit that was tested: of a pull request its head, not GitHub's merge of it. */
  sha: string;
  /** Number of the workflow's run that tested it. */
  run: number;
  /** Its page. */
  runUrl: string;
  /** Number of the pull request, where the event has it. */
  pull?: number;
  /** Where the commit comes from, to find the pull request by: GitHub names none of a fork's. */
  head?: { owner: string; branch: string };
  /** Name of check and comment. */
  key: string;
  /** Name of the artifact with the recorded run. */
  artifact?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const id = z.number().int().positive();
const EVENT = z.object({
  pull_request: z.object({ number: id, head: z.object({ sha }) }).optional(),
  workflow_run: z
    .object({
      id,
      head_sha: sha,
      head_branch: z.string().nullish(),
      /** Null when the fork was deleted meanwhile. */
      head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullish(),
      pull_requests: z.array(z.object({ number: id, head: z.object({ sha }) })).default([]),
    })
    .optional(),
});

/**
 * Where the results belong, by what GitHub says of the event: never by anything that a run
 * recorded, which a fork's code may have written.
 * @throws PublishTargetUnknown
 */
export function publishTarget(env: Env, given: { key: string; artifact?: string }): PublishTarget {
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  if (!/^[A-Za-z0-9][\w-]*\/(?!\.+$)[\w.-]+$/.test(repository)) {
    throw new PublishTargetUnknown("GITHUB_REPOSITORY is not owner/name");
  }
  const { pull_request: pull, workflow_run: tested } = eventOf(env["GITHUB_EVENT_PATH"]);
  const server = (env["GITHUB_SERVER_URL"] ?? "https://github.com").replace(/\/$/, "");
  const commit = tested?.head_sha ?? pull?.head.sha ?? env["GITHUB_SHA"];
  if (!sha.safeParse(commit).success) throw new PublishTargetUnknown("GITHUB_SHA is no commit");
  const run = tested?.id ?? Number(env["GITHUB_RUN_ID"] ?? 0);
  const own = tested?.pull_requests.find(({ head }) => head.sha === tested.head_sha);
  const number = pull?.number ?? own?.number;
  const owner = tested?.head_repository?.owner.login;
  const branch = tested?.head_branch;
  return {
    ...given,
    repository,
    sha: commit!,
    run,
    runUrl: `${server}/${repository}/actions/runs/${run}`,
    ...(number !== undefined && { pull: number }),
    ...(owner && branch && { head: { owner, branch } }),
  };
}

function eventOf(path: string | undefined): z.infer<typeof EVENT> {
  if (path === undefined) return {};
  try {
    return EVENT.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new PublishTargetUnknown(`the event in ${path} is unusual: ${messageOf(error)}`);
  }
}
