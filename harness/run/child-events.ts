import type { EventBus } from "../events/bus.ts";
import type { ChildMessage } from "./child-protocol.ts";

/** Puts what a scenario's process says into the event stream. */
export function messageEvents(bus: EventBus, cell: string): (message: ChildMessage) => void {
  return (message) => {
    switch (message.type) {
      case "step-started":
        return bus.emit("phase-started", { scope: cell, phase: message.name });
      case "step-ended":
        return bus.emit("phase-ended", { scope: cell, phase: message.name, ms: message.ms });
      case "fact":
        return bus.emit("facts", { cell, facts: { [message.name]: message.value } });
      case "thrown":
        return bus.emit("comment", { cell, text: message.stack });
      case "attached":
      case "machine":
      case "skipped":
      case "finished":
        return undefined;
    }
  };
}
