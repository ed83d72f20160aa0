import { XenloopError } from "../base/error.ts";

const LOOK = "read the guest's console in the cell's evidence";

/** Failures of a guest are what scenarios are about: they fail the cell. */
export class GuestPanicked extends XenloopError {
  constructor(guest: string, panic: string) {
    super(`guest ${guest}: its kernel panics: ${panic}`, {
      code: "GUEST_PANICKED",
      kind: "assertion",
      hint: LOOK,
    });
  }
}

export class GuestSilent extends XenloopError {
  constructor(guest: string, awaited: string, seconds: number, state: string, last: string) {
    const said = last === "" ? "its console is empty" : `its last line is: ${last}`;
    super(
      `guest ${guest} does not say ${awaited} within ${seconds.toFixed(0)} s (state ${state}); ${said}`,
      { code: "GUEST_SILENT", kind: "assertion", hint: LOOK },
    );
  }
}

export class GuestGone extends XenloopError {
  constructor(guest: string, awaited: string, how: string) {
    super(`guest ${guest} ends (${how}) before it says ${awaited}`, {
      code: "GUEST_GONE",
      kind: "assertion",
      hint: LOOK,
    });
  }
}

/** libvirt refused to create the domain. */
export class GuestRefused extends XenloopError {
  constructor(guest: string, virshError: string) {
    super(`libvirt does not start guest ${guest}: ${virshError}`, {
      code: "GUEST_REFUSED",
      kind: "assertion",
      hint: "read libxl-driver.log in the cell's evidence",
    });
  }
}
