import { rm } from "node:fs/promises";
import { messageOf } from "../base/error.ts";
import {
  cloneHost,
  type RunningHost,
  type StartHostOptions,
  type TemplateFiles,
} from "../host/running-host.ts";
import { setCloneAside } from "./clone-evidence.ts";

/** What is done where a clone does not come up. */
export interface Fallback {
  /** Told why, once the clone's logs are put aside. */
  onFallback(why: string): void;
  boot(): Promise<RunningHost>;
}

/** A clone of the template, or a booted host where there is none or no clone of it comes up. */
export async function cloneOrBoot(
  template: TemplateFiles | undefined,
  start: StartHostOptions,
  { onFallback, boot }: Fallback,
): Promise<RunningHost> {
  if (!template) return boot();
  try {
    return await cloneHost(template, start);
  } catch (error) {
    start.signal?.throwIfAborted();
    await setCloneAside(start.directory);
    const { diskDirectory } = start;
    if (diskDirectory !== undefined) await rm(diskDirectory, { recursive: true, force: true });
    onFallback(messageOf(error));
    return boot();
  }
}
