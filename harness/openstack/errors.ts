import { XenloopError } from "../base/error.ts";

/** A value that Nova refuses when it reads the image's properties. */
export class ImagePropertyInvalid extends XenloopError {
  constructor(property: string, value: string, known: readonly string[]) {
    super(`Nova refuses the image: ${property} is "${value}"`, {
      code: "IMAGE_PROPERTY_INVALID",
      kind: "usage",
      hint: `give one of ${known.join(", ")}`,
    });
  }
}

/** Nova knows the value, but its libvirt driver does not build it for Xen. */
export class HardwareUnsupported extends XenloopError {
  constructor(property: string, model: string, known: readonly string[]) {
    super(`Nova does not build ${property} "${model}" for Xen`, {
      code: "HARDWARE_UNSUPPORTED",
      kind: "usage",
      hint: `give one of ${known.join(", ")}`,
    });
  }
}
