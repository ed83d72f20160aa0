import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf } from "../base/error.ts";
import { sha256File } from "../base/hash.ts";
import { hostInputPath, lockInputPath } from "../run/run-inputs.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { InputsDamaged } from "./errors.ts";

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/);
const word = z.string().regex(/^[\w.,:=+%-]*$/);

/** What may come from a run of unknown origin; where packages come from may not. */
const RECORDED_HOST = z.object({
  packages: z.array(packageName),
  memoryMiB: z.number().int().min(256).max(1_048_576),
  vcpus: z.number().int().min(1).max(512),
  expect: z.object({ xen: word, libvirt: word, kernel: word }),
  dom0: z.object({
    mem: word,
    maxVcpus: z.number().int().min(1).max(512),
    vcpusPin: z.boolean(),
    xenOptions: z.array(word),
  }),
});

const RECORDED_LOCK = z.object({
  host: z.string(),
  format: z.number(),
  release: z.string().regex(/^[a-z]+$/),
  components: z.array(packageName),
  requested: z.array(packageName),
  packages: z.array(
    z.object({
      name: packageName,
      version: z.string().regex(/^[\w.+:~-]+$/),
      architecture: z.string().regex(/^[a-z0-9]+$/),
      bytes: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/**
 * The host as the run had it: this checkout's, with the packages, sizes and settings of then.
 * Unchanged for a run that did not keep them.
 * @throws InputsDamaged
 */
export async function recordedHost(directory: string, own: HostSpec): Promise<HostSpec> {
  const path = hostInputPath(directory, own.name);
  if (!existsSync(path)) return own;
  return { ...own, ...(await parse(path, RECORDED_HOST)) };
}

/**
 * Path of the lock that the run built the host from; undefined when it kept none.
 * @param digest SHA-256 of the lock, as the run's events have it
 * @throws InputsDamaged
 */
export async function recordedLock(
  directory: string,
  host: string,
  digest: string | undefined,
): Promise<string | undefined> {
  const path = lockInputPath(directory, host);
  if (!existsSync(path)) return undefined;
  if (digest !== undefined && (await sha256File(path)) !== digest) {
    throw new InputsDamaged(path, "its checksum is another than in the run's events");
  }
  await parse(path, RECORDED_LOCK);
  return path;
}

async function parse<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new InputsDamaged(path, messageOf(error), error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InputsDamaged(path, z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}
