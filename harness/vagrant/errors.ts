import { XenloopError } from "../base/error.ts";

/** What Vagrant's backend needs over what every run needs; names are Debian's. */
export const VAGRANT_PACKAGES: readonly string[] = [
  "vagrant",
  "vagrant-libvirt",
  "libvirt-daemon",
  "libvirt-daemon-driver-qemu",
];

/** The command that installs them. */
export const VAGRANT_INSTALL = `sudo apt-get install --no-install-recommends ${VAGRANT_PACKAGES.join(" ")}`;

export class VagrantMissing extends XenloopError {
  constructor(program: string, cause?: unknown) {
    super(`the backend vagrant needs the program ${program}, which is not installed`, {
      code: "VAGRANT_MISSING",
      kind: "infra",
      hint: VAGRANT_INSTALL,
      cause,
    });
  }
}

/** Vagrant ran and said no. */
export class VagrantFailed extends XenloopError {
  constructor(command: string, said: string, log: string, cause?: unknown) {
    super(`${command} fails: ${said || "it gives no reason"}`, {
      code: "VAGRANT_FAILED",
      kind: "infra",
      hint: `less ${log}`,
      cause,
    });
  }
}

export class VagrantTimeout extends XenloopError {
  constructor(command: string, seconds: number, said: string, log: string, cause?: unknown) {
    const last = said === "" ? "it says nothing" : `its last words: ${said}`;
    super(`${command} does not end within ${seconds.toFixed(0)} s; ${last}`, {
      code: "VAGRANT_TIMEOUT",
      kind: "infra",
      hint: `less ${log}   (on a slow machine raise --timeout-scale)`,
      cause,
    });
  }
}

/** Vagrant says that all is well, and what it says cannot be understood. */
export class VagrantUnreadable extends XenloopError {
  constructor(command: string, lacks: string, said: string) {
    const line = said.trim().split("\n")[0]?.slice(0, 120) ?? "";
    super(`${command} does not tell ${lacks}; it says: ${line || "nothing"}`, {
      code: "VAGRANT_UNREADABLE",
      kind: "infra",
      hint: `by hand: ${command}`,
    });
  }
}

/** The libvirt daemon of a run, which is nobody else's, does not come up. */
export class LibvirtdFailed extends XenloopError {
  constructor(detail: string, log: string, cause?: unknown) {
    super(`a private libvirtd for Vagrant does not come up: ${detail}`, {
      code: "LIBVIRTD_FAILED",
      kind: "infra",
      hint: `less ${log}`,
      cause,
    });
  }
}
