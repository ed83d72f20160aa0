import { Octokit, RequestError } from "octokit";
import { messageOf } from "../../harness/base/error.ts";
import { GithubRefused, GithubUnprocessable, GithubUnreachable } from "./errors.ts";
import { isLimited, pauseBefore, REAL_CLOCK, type Answer, type Clock } from "./patience.ts";

export interface ClientOptions {
  /** `owner/name`. */
  repository: string;
  token: string;
  /** Such as `https://api.github.com`; of GitHub Enterprise its own. */
  apiUrl: string;
  /** Milliseconds that all waiting for limits and outages may take. */
  patienceMs?: number;
  clock?: Clock;
}

export interface Comment {
  id: number;
  author: string;
  body: string;
}

export interface Pull {
  number: number;
  /** Commit that it ends in now. */
  head: string;
  isOpen: boolean;
}

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: "failure" | "warning" | "notice";
  title: string;
  message: string;
}

export interface CheckRun {
  name: string;
  /** Ours, by which it is found again. */
  externalId: string;
  sha: string;
  conclusion: "success" | "failure" | "neutral" | "cancelled";
  title: string;
  summary: string;
  detailsUrl?: string;
  annotations: readonly Annotation[];
}

export interface CommitStatus {
  sha: string;
  state: "success" | "failure" | "error" | "pending";
  context: string;
  description: string;
  targetUrl?: string;
}

const PATIENCE_MS = 5 * 60_000;
const PER_PAGE = 100;
const ANSWER_MS = 30_000;

/** All that xenloop says to GitHub. Waits out limits and outages; never repeats what may be done. */
export class GithubClient {
  readonly #octokit: Octokit;
  readonly #at: { owner: string; repo: string };
  readonly #clock: Clock;
  #patienceMs: number;

  constructor({ repository, token, apiUrl, ...options }: ClientOptions) {
    const [owner = "", repo = ""] = repository.split("/");
    this.#at = { owner, repo };
    this.#clock = options.clock ?? REAL_CLOCK;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#octokit = new Octokit({
      auth: token,
      baseUrl: apiUrl.replace(/\/$/, ""),
      userAgent: "xenloop",
      log: { debug() {}, info() {}, warn() {}, error() {} },
      request: { fetch: fetchInTime },
      // Both would repeat a POST that GitHub has done and answered with 502.
      throttle: { enabled: false },
      retry: { enabled: false },
    });
  }

  /** Who we are: what others wrote is not ours to change. */
  async login(): Promise<string> {
    try {
      return await this.#ask("say who we are", () =>
        this.#octokit.rest.users.getAuthenticated().then(({ data }) => data.login),
      );
    } catch (error) {
      // The token of a workflow is an app's, and apps are no users.
      if (error instanceof GithubRefused && error.status === 403) return "github-actions[bot]";
      throw error;
    }
  }

  async pull(number: number): Promise<Pull> {
    const { data } = await this.#ask(`show pull request ${number}`, () =>
      this.#octokit.rest.pulls.get({ ...this.#at, pull_number: number }),
    );
    return { number, head: data.head.sha, isOpen: data.state === "open" };
  }

  /** The open pull request from a branch, also of a fork, that ends in this commit. */
  async findPull(headOwner: string, branch: string, sha: string): Promise<Pull | undefined> {
    const { data } = await this.#ask("list pull requests", () =>
      this.#octokit.rest.pulls.list({
        ...this.#at,
        state: "open",
        head: `${headOwner}:${branch}`,
        per_page: PER_PAGE,
      }),
    );
    const found = data.find(({ head }) => head.sha === sha);
    return found && { number: found.number, head: sha, isOpen: true };
  }

  /** The oldest first, page by page. */
  async *comments(number: number): AsyncGenerator<Comment> {
    for (let page = 1; ; page += 1) {
      const { data } = await this.#ask(`list comments of #${number}`, () =>
        this.#octokit.rest.issues.listComments({
          ...this.#at,
          issue_number: number,
          per_page: PER_PAGE,
          page,
        }),
      );
      for (const { id, user, body = "" } of data) yield { id, author: user?.login ?? "", body };
      if (data.length < PER_PAGE) return;
    }
  }

  /** @throws GithubUnreachable when it may or may not have been written */
  async createComment(number: number, body: string): Promise<number> {
    const { data } = await this.#ask(
      `comment on #${number}`,
      () => this.#octokit.rest.issues.createComment({ ...this.#at, issue_number: number, body }),
      false,
    );
    return data.id;
  }

  async updateComment(id: number, body: string): Promise<void> {
    await this.#ask(`update comment ${id}`, () =>
      this.#octokit.rest.issues.updateComment({ ...this.#at, comment_id: id, body }),
    );
  }

  async deleteComment(id: number): Promise<void> {
    await this.#ask(`delete comment ${id}`, () =>
      this.#octokit.rest.issues.deleteComment({ ...this.#at, comment_id: id }),
    );
  }

  async findCheckRun(sha: string, name: string, externalId: string): Promise<number | undefined> {
    const { data } = await this.#ask("list check runs", () =>
      this.#octokit.rest.checks.listForRef({
        ...this.#at,
        ref: sha,
        check_name: name,
        filter: "all",
        per_page: PER_PAGE,
      }),
    );
    return data.check_runs.find(({ external_id }) => external_id === externalId)?.id;
  }

  async createCheckRun(check: CheckRun): Promise<number> {
    const { data } = await this.#ask(
      "make a check run",
      () =>
        this.#octokit.rest.checks.create({
          ...this.#at,
          name: check.name,
          head_sha: check.sha,
          external_id: check.externalId,
          ...completed(check),
        }),
      false,
    );
    return data.id;
  }

  /** Annotations are added to those that are there. */
  async updateCheckRun(id: number, check: CheckRun): Promise<void> {
    await this.#ask("update the check run", () =>
      this.#octokit.rest.checks.update({ ...this.#at, check_run_id: id, ...completed(check) }),
    );
  }

  async createStatus({ sha, state, context, description, targetUrl }: CommitStatus): Promise<void> {
    await this.#ask("set the commit's status", () =>
      this.#octokit.rest.repos.createCommitStatus({
        ...this.#at,
        sha,
        state,
        context,
        description,
        ...(targetUrl !== undefined && { target_url: targetUrl }),
      }),
    );
  }

  /** Id of the newest artifact of a workflow's run that has this name. */
  async findArtifact(runId: number, name: string): Promise<number | undefined> {
    const { data } = await this.#ask("list artifacts", () =>
      this.#octokit.rest.actions.listWorkflowRunArtifacts({ ...this.#at, run_id: runId, name }),
    );
    return data.artifacts.filter((each) => each.name === name).at(0)?.id;
  }

  async #ask<T>(what: string, request: () => Promise<T>, isRepeatable = true): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request();
      } catch (error) {
        const answer = answerOf(error);
        const pause = pauseBefore(attempt, answer, { isRepeatable, now: this.#clock.now() });
        if (pause === undefined || pause > this.#patienceMs) throw named(what, answer, error);
        this.#patienceMs -= pause;
        await this.#clock.wait(pause);
      }
    }
  }
}

/** A server that takes the request and never answers is one that is not there. */
function fetchInTime(address: string, options: RequestInit): Promise<Response> {
  return fetch(address, { ...options, signal: AbortSignal.timeout(ANSWER_MS) });
}

function completed({ conclusion, title, summary, annotations, detailsUrl }: CheckRun) {
  return {
    status: "completed" as const,
    conclusion,
    output: { title, summary, annotations: [...annotations] },
    ...(detailsUrl !== undefined && { details_url: detailsUrl }),
  };
}

function answerOf(error: unknown): Answer {
  if (!(error instanceof RequestError))
    return { status: 0, headers: {}, message: messageOf(error) };
  // Octokit says 500 of a server that did not answer at all.
  const { status, message, response } = error;
  return response
    ? { status, headers: response.headers, message }
    : { status: 0, headers: {}, message };
}

function named(what: string, answer: Answer, cause: unknown): Error {
  const { status, message } = answer;
  if (status === 422) return new GithubUnprocessable(what, message, cause);
  if (status >= 400 && status < 500 && !isLimited(answer)) {
    return new GithubRefused(what, status, message, cause);
  }
  return new GithubUnreachable(what, status === 0 ? message : `${status} ${message}`, cause);
}
