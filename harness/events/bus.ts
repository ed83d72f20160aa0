import { EVENTS_VERSION, type EventBodies, type EventType, type RunEvent } from "./schema.ts";

export type EventListener = (event: RunEvent) => void;

/**
 * The single stream of a run. Every consumer (file, terminal, JUnit) subscribes
 * here and sees the same events in the same order.
 */
export class EventBus {
  #seq = 0;
  readonly #listeners: EventListener[] = [];

  subscribe(listener: EventListener): void {
    this.#listeners.push(listener);
  }

  emit<K extends EventType>(type: K, body: EventBodies[K]): void {
    const event = {
      v: EVENTS_VERSION,
      seq: this.#seq++,
      time: new Date().toISOString(),
      type,
      ...body,
    } as unknown as RunEvent;
    for (const listener of this.#listeners) listener(event);
  }
}
