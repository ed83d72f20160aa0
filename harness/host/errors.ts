import { XenloopError } from "../base/error.ts";

/** The machine under a host stopped being usable: panic, reset, or QEMU's death. */
export class HostLost extends XenloopError {
  constructor(host: string, sentence: string, cause?: unknown) {
    super(`host ${host} is lost: ${sentence}`, {
      code: "HOST_LOST",
      kind: "infra",
      hint: "read serial.log in the cell's evidence",
      cause,
    });
  }
}

export class HostNotReady extends XenloopError {
  constructor(host: string, awaited: string, seconds: number, lastLine: string, cause?: unknown) {
    super(
      `host ${host} does not reach ${awaited} within ${seconds.toFixed(0)} s; its console ends with: ${lastLine || "nothing"}`,
      {
        code: "HOST_NOT_READY",
        kind: "infra",
        hint: "read serial.log in the evidence; on a slow machine raise --timeout-scale",
        cause,
      },
    );
  }
}

/** A booted host does not pass its check: it is thrown away. */
export class HostUnhealthy extends XenloopError {
  constructor(host: string, check: string, detail: string, cause?: unknown) {
    super(`host ${host} fails its health check ${check}: ${detail}`, {
      code: "HOST_UNHEALTHY",
      kind: "infra",
      hint: "xenloop image verify, then run again with --cold",
      cause,
    });
  }
}

/** A command in dom0 ended with another status than the caller allows. */
export class DomZeroCommandFailed extends XenloopError {
  constructor(
    readonly command: string,
    readonly exitCode: number,
    readonly stderr: string,
  ) {
    const said = stderr.trim().split("\n").slice(-3).join(" | ");
    super(`${command} exits with ${exitCode} in dom0${said ? `: ${said}` : ""}`, {
      code: "DOM0_COMMAND_FAILED",
      kind: "assertion",
      hint: "run it by hand: xenloop shell HOST",
    });
  }
}

export class TemplateUnusable extends XenloopError {
  constructor(host: string, detail: string, cause?: unknown) {
    super(`the template of ${host} cannot be used: ${detail}`, {
      code: "TEMPLATE_UNUSABLE",
      kind: "infra",
      hint: "xenloop clean --templates",
      cause,
    });
  }
}
