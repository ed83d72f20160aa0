import { messageOf, XenloopError } from "../base/error.ts";
import type { MachineFatal } from "../machine/serial-patterns.ts";

/** The machine under a host stopped being usable: panic, reset, or QEMU's death. */
export class HostLost extends XenloopError {
  constructor(
    host: string,
    sentence: string,
    cause?: unknown,
    /** What became of the machine, where it was seen. */
    readonly end?: MachineFatal["kind"],
  ) {
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

/** dom0 could not start a command for want of descriptors: that says nothing about the command. */
export class DomZeroExhausted extends XenloopError {
  constructor(command: string, stderr: string) {
    super(`dom0 cannot start ${command}: ${stderr.trim()}`, {
      code: "DOM0_EXHAUSTED",
      kind: "infra",
      hint: "see in the host's evidence who holds so many open files",
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

/** A host that runs elsewhere does not let us in. */
export class HostUnreachable extends XenloopError {
  constructor(host: string, command: string, cause: unknown) {
    super(`host ${host} cannot be reached: ${messageOf(cause)}`, {
      code: "HOST_UNREACHABLE",
      kind: "infra",
      hint: `${command}   (by hand, once: it says what is wrong, and remembers the host's key)`,
      cause,
    });
  }
}

/** What answers is no dom0 of Xen with libvirt. */
export class HostNotXen extends XenloopError {
  constructor(host: string, detail: string, cause?: unknown) {
    super(`host ${host} is not a Xen host with libvirt: ${detail}`, {
      code: "HOST_NOT_XEN",
      kind: "infra",
      hint: "on it, as root: xl info; virsh --connect xen:///system version --daemon",
      cause,
    });
  }
}

/** A host that runs elsewhere lacks something that scenarios need. */
export class HostUnfit extends XenloopError {
  constructor(host: string, lacks: string, hint: string) {
    super(`host ${host} cannot run scenarios: ${lacks}`, {
      code: "HOST_UNFIT",
      kind: "infra",
      hint,
    });
  }
}

/** Guests of somebody else's run there, and nobody has said that this is fine. */
export class HostInUse extends XenloopError {
  constructor(host: string, guests: readonly string[]) {
    const names = guests.slice(0, 5).join(", ") + (guests.length > 5 ? ", …" : "");
    super(`host ${host} runs ${guests.length} guest(s) that are not of this run: ${names}`, {
      code: "HOST_IN_USE",
      kind: "infra",
      hint: "end them, or say with --yes that scenarios may run beside them",
    });
  }
}
