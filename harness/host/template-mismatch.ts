import type { Store } from "../image/store.ts";

/** What the inputs of a template are called when a person reads of them. */
const NAMES: Readonly<Record<string, string>> = {
  format: "harness format",
  digest: "image bytes",
  argv: "machine",
  qemu: "QEMU binary",
  accel: "accelerator",
  cpu: "processor",
};

/**
 * Why the host's templates in the store are refused, the most recently used one's reason;
 * undefined when there is none of this host.
 */
export async function whyRefused(
  store: Store,
  host: string,
  inputs: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const templates = (await store.list()).filter(
    (entry) => entry.kind === "template" && entry.host === host && entry.damage === undefined,
  );
  const [newest] = templates;
  if (!newest) return undefined;
  const differing = differences(newest.inputs as Record<string, unknown>, inputs);
  return `template ${newest.key.slice(0, 12)} is refused: another ${differing.join(", ")}`;
}

/** Names of the inputs that are not equal. */
export function differences(
  stored: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): string[] {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(stored)])];
  return keys
    .filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(wanted[key]))
    .map((key) => NAMES[key] ?? key);
}
