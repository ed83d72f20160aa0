import { messageOf, XenloopError } from "../base/error.ts";
import type { MachineAction } from "../machine/machine-control.ts";

/** The directory for results is full or not writable. */
export class RunDirectoryUnusable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`results cannot be written to ${path}`, {
      code: "RUN_DIRECTORY_UNUSABLE",
      kind: "infra",
      hint: "free some space, or choose another place with --out DIR",
      cause,
    });
  }
}

/** Costs a replay of the run, not the run. */
export class InputsUnkept extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`what the run is made from cannot be kept in ${path}: ${messageOf(cause)}`, {
      code: "INPUTS_UNKEPT",
      kind: "infra",
      hint: "free space, or name another place with --out DIR; this run cannot be replayed exactly",
      cause,
    });
  }
}

/** QEMU's monitor refused what a scenario asked of a machine. */
export class MachineRefused extends XenloopError {
  constructor(hostname: string, action: MachineAction, why: string) {
    super(`the machine of ${hostname} does not ${action}: ${why}`, {
      code: "MACHINE_REFUSED",
      kind: "infra",
      hint: "read the host's qemu.log in the cell's evidence",
    });
  }
}

/** A hypervisor under test does not bring its host up. */
export class HypervisorDoesNotBoot extends XenloopError {
  constructor(host: string, cause: unknown) {
    super(`Xen: ${host} does not come up with the hypervisor under test: ${messageOf(cause)}`, {
      code: "HYPERVISOR_DOES_NOT_BOOT",
      kind: "assertion",
      hint: "read serial.log in the evidence",
      cause,
    });
  }
}

/** A scenario that may leave a host broken got one that stays as it is left. */
export class HostLasts extends XenloopError {
  constructor(host: string) {
    super(`${host} cannot be brought back to how it was found, and the scenario may break it`, {
      code: "HOST_LASTS",
      kind: "infra",
      hint: "leave out --backend vagrant, or read why Vagrant takes no snapshot in the run's vagrant.log",
    });
  }
}
