import { readFileSync } from "node:fs";
import { messageOf } from "../base/error.ts";
import { EventsCorrupt, EventsTooNew, EventsUnreadable } from "./errors.ts";
import { EVENTS_VERSION, type RunEvent } from "./schema.ts";
import { isKnownType, shapeProblem } from "./shape.ts";

export interface EventFile {
  events: RunEvent[];
  /** The last line was cut off by a crash and is left out. */
  torn: boolean;
}

/** Reads an events.jsonl; throws one of the errors of this folder when it is not one. */
export function readEvents(path: string): EventFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new EventsUnreadable(path, error);
  }
  return parseEvents(text, path);
}

/**
 * Event types of this version that this program does not know are left out: a type
 * may be added without a new version, a field may not change its meaning.
 */
export function parseEvents(text: string, source: string): EventFile {
  const events: RunEvent[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if (isLast && line === "") break;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      if (isLast) return { events, torn: true };
      throw new EventsCorrupt(source, index + 1, messageOf(error), error);
    }
    const event = checkEvent(value, source, index + 1);
    if (event) events.push(event);
  }
  return { events, torn: false };
}

function checkEvent(value: unknown, source: string, line: number): RunEvent | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new EventsCorrupt(source, line, "it is not a JSON object");
  }
  const event = value as Record<string, unknown>;
  const { v, seq, time, type } = event;
  if (typeof v === "number" && v > EVENTS_VERSION) throw new EventsTooNew(source, v);
  if (typeof v !== "number" || typeof seq !== "number" || typeof time !== "string") {
    throw new EventsCorrupt(source, line, "v, seq or time is missing");
  }
  if (typeof type !== "string") throw new EventsCorrupt(source, line, "its type is missing");
  if (!isKnownType(type)) return undefined;
  const problem = shapeProblem(type, event);
  if (problem) throw new EventsCorrupt(source, line, problem);
  return event as unknown as RunEvent;
}
