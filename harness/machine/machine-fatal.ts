import { describeExit, type ProcessExit } from "../base/process-errors.ts";
import type { QmpClient, QmpEvent } from "./qmp.ts";
import type { MachineFatal } from "./serial-patterns.ts";

/** Reads an event of QEMU that ends a machine nobody asked to end. */
export function fatalEvent({ event, data }: QmpEvent): MachineFatal | undefined {
  const line = `${event} ${JSON.stringify(data)}`;
  switch (event) {
    case "RESET":
      return {
        layer: "machine",
        kind: "reset",
        sentence: `the machine resets (${String(data.reason)})`,
        line,
      };
    case "SHUTDOWN":
      return {
        layer: "machine",
        kind: "shutdown",
        sentence: `the machine shuts down (${String(data.reason)})`,
        line,
      };
    case "GUEST_PANICKED":
      return { layer: "machine", kind: "panic", sentence: "the machine reports a panic", line };
    case "BLOCK_IO_ERROR":
      return {
        layer: "machine",
        kind: "stuck",
        sentence: data.nospace === true ? DISK_FULL : `a disk fails (${String(data.reason)})`,
        line,
      };
    default:
      return undefined;
  }
}

const DISK_FULL = "a disk of the machine cannot grow: the file system that holds it is full";

/** After STOP: an accelerator that cannot go on pauses the machine for ever. */
export async function fatalStop(qmp: QmpClient): Promise<MachineFatal | undefined> {
  const { status } = await qmp.execute<{ status: string }>("query-status");
  if (status !== "internal-error") return undefined;
  return {
    layer: "machine",
    kind: "crash",
    sentence: "the accelerator meets an internal error and stops the machine",
    line: `query-status: ${status}`,
  };
}

export function fatalExit(exit: ProcessExit, log: readonly string[]): MachineFatal {
  return {
    layer: "machine",
    kind: "death",
    sentence: `QEMU ${describeExit(exit)}`,
    line: log.at(-1) ?? "",
  };
}
