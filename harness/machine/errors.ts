import { XenloopError, type ErrorKind } from "../base/error.ts";

interface MachineErrorOptions {
  hint?: string;
  cause?: unknown;
}

abstract class MachineError extends XenloopError {
  constructor(message: string, code: string, options: MachineErrorOptions, kind?: ErrorKind) {
    super(message, { code, kind: kind ?? "infra", ...options });
  }
}

/** A machine description QEMU could not be given. */
export class MachineSpecInvalid extends MachineError {
  constructor(message: string, hint: string) {
    super(message, "MACHINE_SPEC_INVALID", { hint }, "usage");
  }
}

/** The accelerator the user asked for, or every one there is, does not run guest code. */
export class AccelUnusable extends MachineError {
  constructor(
    readonly accel: "kvm" | "tcg",
    readonly reason: string,
    hint: string,
  ) {
    super(`The accelerator ${accel} cannot be used: ${reason}`, "ACCEL_UNUSABLE", { hint });
  }
}

export class QemuVersionUnknown extends MachineError {
  constructor(binary: string, output: string) {
    super(
      `${binary} --version does not name a QEMU version: ${JSON.stringify(output)}`,
      "QEMU_VERSION_UNKNOWN",
      { hint: `Check that ${binary} is QEMU: ${binary} --version` },
    );
  }
}

/** QEMU ends, or does not open its monitor, before the machine runs. */
export class MachineStartFailed extends MachineError {
  constructor(detail: string, log: readonly string[], logFile: string, cause?: unknown) {
    const said = log.length > 0 ? `: ${log.join(" | ")}` : ".";
    super(`QEMU ${detail} before the machine is up${said}`, "MACHINE_START_FAILED", {
      hint: `Read ${logFile}`,
      cause,
    });
  }
}

/** QEMU answered a command with an error. */
export class QmpCommandFailed extends MachineError {
  constructor(
    readonly command: string,
    readonly errorClass: string,
    readonly description: string,
  ) {
    super(`QEMU refuses ${command}: ${description}`, "QMP_COMMAND_FAILED", {});
  }
}

export class QmpTimeout extends MachineError {
  constructor(awaited: string, timeoutMs: number, cause?: unknown) {
    super(`QEMU does not give ${awaited} within ${timeoutMs / 1000} s.`, "QMP_TIMEOUT", { cause });
  }
}

export class QmpDisconnected extends MachineError {
  constructor(awaited: string, cause?: unknown) {
    super(`QEMU's monitor is closed while ${awaited} is awaited.`, "QMP_DISCONNECTED", { cause });
  }
}

/** What speaks on the socket is not QEMU's monitor. */
export class QmpProtocolError extends MachineError {
  constructor(line: string) {
    super(`QEMU's monitor says ${JSON.stringify(line.slice(0, 200))}.`, "QMP_PROTOCOL_ERROR", {});
  }
}

export class StateSaveFailed extends MachineError {
  constructor(file: string, detail: string, cause?: unknown) {
    super(`The machine's state cannot be saved to ${file}: ${detail}`, "STATE_SAVE_FAILED", {
      cause,
    });
  }
}

export class StateLoadFailed extends MachineError {
  constructor(file: string, detail: string, cause?: unknown) {
    super(`The machine's state cannot be loaded from ${file}: ${detail}`, "STATE_LOAD_FAILED", {
      cause,
    });
  }
}

export class SshForwardFailed extends MachineError {
  constructor(netdev: string, detail: string) {
    super(`QEMU opens no port towards ${netdev}: ${detail}`, "SSH_FORWARD_FAILED", {});
  }
}
