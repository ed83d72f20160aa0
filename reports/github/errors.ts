import { XenloopError } from "../../harness/base/error.ts";

/** GitHub understood and does not do it: the token may not, or the thing is not there. */
export class GithubRefused extends XenloopError {
  readonly status: number;
  constructor(what: string, status: number, answer: string, cause?: unknown) {
    super(`GitHub refuses to ${what}: ${status} ${answer}`, {
      code: "GITHUB_REFUSED",
      kind: "infra",
      hint: "give the job the permissions pull-requests: write and checks: write; a pull request of a fork needs the workflow_run of docs/pull-requests.md",
      cause,
    });
    this.status = status;
  }
}

/** What we sent is not taken, such as a comment that is too long. */
export class GithubUnprocessable extends XenloopError {
  constructor(what: string, answer: string, cause?: unknown) {
    super(`GitHub does not take what it is sent to ${what}: ${answer}`, {
      code: "GITHUB_UNPROCESSABLE",
      kind: "infra",
      hint: "the job summary holds the same text",
      cause,
    });
  }
}

/** No answer, or none but "later", for as long as we are willing to wait. */
export class GithubUnreachable extends XenloopError {
  constructor(what: string, why: string, cause?: unknown) {
    super(`GitHub cannot be asked to ${what}: ${why}`, {
      code: "GITHUB_UNREACHABLE",
      kind: "infra",
      hint: "run the job again later; xenloop report publish changes nothing twice",
      cause,
    });
  }
}

/** The environment does not say which repository or commit is meant. */
export class PublishTargetUnknown extends XenloopError {
  constructor(missing: string) {
    super(`it is not known where to publish: ${missing}`, {
      code: "PUBLISH_TARGET_UNKNOWN",
      kind: "usage",
      hint: "run it in a GitHub workflow, or set GITHUB_REPOSITORY, GITHUB_SHA and GITHUB_TOKEN",
    });
  }
}
