import type { EventBus } from "../events/bus.ts";

/** Emits the beginning of a phase; the returned function emits its end. */
export function phaseClock(
  bus: EventBus,
  scope: string,
): (phase: string) => (detail?: string) => void {
  return (phase) => {
    const started = performance.now();
    bus.emit("phase-started", { scope, phase });
    return (detail) => {
      const ms = performance.now() - started;
      bus.emit("phase-ended", { scope, phase, ms, ...(detail !== undefined && { detail }) });
    };
  };
}
