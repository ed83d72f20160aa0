import type { EventBodies, EventType } from "./schema.ts";

type FieldType = "string" | "number" | "boolean" | "object" | "array";

type Required<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: FieldType;
};

const scoped = { scope: "string", phase: "string" } as const;
const attempted = { cell: "string", attempt: "number" } as const;

/** The fields each event must have; the compiler keeps it complete against the schema. */
const SHAPES: { [K in EventType]: Required<EventBodies[K]> } = {
  "run-started": {
    runId: "string",
    harness: "string",
    argv: "array",
    accel: "string",
    qemu: "string",
    timeFactor: "number",
    node: "string",
  },
  planned: { cells: "array" },
  "phase-started": scoped,
  "phase-ended": { ...scoped, ms: "number" },
  "cell-started": attempted,
  facts: { cell: "string", facts: "object" },
  assertion: { ...attempted, ok: "boolean", name: "string" },
  comment: { cell: "string", text: "string" },
  "known-issue": { ...attempted, issue: "string", title: "string" },
  evidence: { ...attempted, item: "object" },
  "cell-ended": { ...attempted, status: "string", reason: "string", ms: "number" },
  compared: { cell: "string", role: "string" },
  history: { cells: "array", changes: "array", trends: "array" },
  warning: { message: "string" },
  "run-ended": { exitCode: "number", reason: "string", ms: "number" },
};

export function isKnownType(type: string): type is EventType {
  return Object.hasOwn(SHAPES, type);
}

/** What is wrong with the body of an event, in words, or undefined when its shape is right. */
export function shapeProblem(type: EventType, body: Record<string, unknown>): string | undefined {
  for (const [field, expected] of Object.entries<FieldType>(SHAPES[type])) {
    const actual = typeOf(body[field]);
    if (actual !== expected) return `${type}.${field} is ${actual}, not ${expected}`;
  }
  return undefined;
}

function typeOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
