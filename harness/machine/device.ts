import { MachineSpecInvalid } from "./errors.ts";
import { qopt, type QoptValue } from "./qopt.ts";

/** Value of `-device`: a PCI device in a slot of its own. */
export function device(
  model: string,
  id: string,
  slot: number,
  values: Record<string, QoptValue> = {},
): string {
  return qopt(model, { id, bus: "pcie.0", addr: `0x${slot.toString(16)}`, ...values });
}

/** A relative path with a colon would be a protocol to QEMU. @throws {MachineSpecInvalid} */
export function absolute(path: string): string {
  if (path.startsWith("/")) return path;
  throw new MachineSpecInvalid(`The path ${path} is not absolute.`, "Give the whole path.");
}
