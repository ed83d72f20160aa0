import type { EventBus } from "../events/bus.ts";

/** Emits the beginning of a phase; the returned function emits its end. */
export interface PhaseClock {
  (phase: string): (detail?: string) => void;
  /** Ends the phases that are still open, the innermost first: an error has cut them off. */
  abandon(): void;
}

export function phaseClock(bus: EventBus, scope: string): PhaseClock {
  const open = new Map<symbol, { phase: string; started: number }>();
  const end = (id: symbol, more: { detail?: string; failed?: true }): void => {
    const begun = open.get(id);
    if (!begun || !open.delete(id)) return;
    const { phase, started } = begun;
    bus.emit("phase-ended", { scope, phase, ms: performance.now() - started, ...more });
  };
  const start = (phase: string) => {
    const id = Symbol(phase);
    open.set(id, { phase, started: performance.now() });
    bus.emit("phase-started", { scope, phase });
    return (detail?: string) => end(id, detail === undefined ? {} : { detail });
  };
  const abandon = (): void => {
    for (const id of [...open.keys()].reverse()) end(id, { failed: true });
  };
  return Object.assign(start, { abandon });
}
