import { XenloopError } from "../base/error.ts";
import type { Attempt } from "./attempts.ts";

interface Finding {
  /** Absolute path of what the build printed. */
  log: string;
  attempts?: readonly Attempt[];
}

/** A patch is judged: it is what is under test, and it broke before any host was started. */
export class PatchRefused extends XenloopError {
  readonly log: string;
  readonly attempts: readonly Attempt[];

  constructor(message: string, code: string, hint: string, { log, attempts = [] }: Finding) {
    const tried = attempts.map(({ sentence }) => `; ${sentence}`).join("");
    super(`${message}${tried}`, { code, kind: "assertion", hint });
    this.log = log;
    this.attempts = attempts;
  }
}

export class PatchDoesNotApply extends PatchRefused {
  constructor(patch: string, why: string, finding: Finding) {
    super(
      `${patch} does not apply: ${why}`,
      "PATCH_DOES_NOT_APPLY",
      "rebase it, or name what it was made against with --base REV",
      finding,
    );
  }
}

export class PatchDoesNotBuild extends PatchRefused {
  constructor(patch: string, host: string, why: string, finding: Finding) {
    super(
      `${patch} does not build for ${host}: ${why}`,
      "PATCH_DOES_NOT_BUILD",
      "read build.log in the evidence",
      finding,
    );
  }
}

/** What a build has left in its tree is not what it has to leave there. */
export class NotOfTheBuild extends XenloopError {
  constructor(place: string, why: string, cause?: unknown) {
    super(`the build leaves no ${place} that can be used: ${why}`, {
      code: "NOT_OF_THE_BUILD",
      kind: "assertion",
      hint: "read build.log in the evidence, and what the patch does to the build's files",
      cause,
    });
  }
}

/** The unpatched tree: the patch is not to blame. */
export class BaseDoesNotBuild extends XenloopError {
  constructor(source: string, host: string, why: string, log: string) {
    super(`${source} does not build for ${host} without any patch: ${why}`, {
      code: "BASE_DOES_NOT_BUILD",
      kind: "infra",
      hint: `less ${log}`,
    });
  }
}

export class SourceUnusable extends XenloopError {
  constructor(source: string, why: string, hint: string, cause?: unknown) {
    super(`${source} cannot be built: ${why}`, {
      code: "SOURCE_UNUSABLE",
      kind: "usage",
      hint,
      cause,
    });
  }
}

export class PatchUnreadable extends XenloopError {
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} is no patch: ${why}`, {
      code: "PATCH_UNREADABLE",
      kind: "usage",
      hint: "give the output of git diff or git format-patch, or a saved mail or mbox of them",
      cause,
    });
  }
}

/** Builds in containers are asked for, and nothing starts one. */
export class ContainerRuntimeMissing extends XenloopError {
  constructor(why: string, cause?: unknown) {
    super(`no container can be started: ${why}`, {
      code: "CONTAINER_RUNTIME_MISSING",
      kind: "infra",
      hint: "sudo apt-get install --no-install-recommends podman runc, or build without --builder container",
      cause,
    });
  }
}

/** The runtime has another image under the name of a builder's. */
export class ContainerImageWrong extends XenloopError {
  constructor(image: string, wanted: string, found: readonly string[]) {
    super(
      `${image} is not the builder: its layer is ${wanted}, there is ${found.join(", ") || "none"}`,
      {
        code: "CONTAINER_IMAGE_WRONG",
        kind: "infra",
        hint: `remove the image ${image}; it is imported anew`,
      },
    );
  }
}

/** A host file asks for a libvirt that cannot work with the host's Xen. */
export class PairRefused extends XenloopError {
  constructor(host: string, reasons: readonly string[]) {
    super(`no libvirt is built for ${host}: ${reasons.join("; ")}`, {
      code: "PAIR_REFUSED",
      kind: "usage",
      hint: `name another source in images/hosts/${host}.ts; xenloop rules tells what goes together`,
    });
  }
}
