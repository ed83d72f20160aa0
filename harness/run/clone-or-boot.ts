import { rm } from "node:fs/promises";
import { messageOf } from "../base/error.ts";
import { HostLost } from "../host/errors.ts";
import { cloneHost, type RunningHost, type StartHostOptions } from "../host/running-host.ts";
import type { StoredTemplate } from "../host/stored-template.ts";
import { QmpTimeout, StateLoadFailed } from "../machine/errors.ts";
import { setCloneAside } from "./clone-evidence.ts";

/** What is done where there is a template and no clone of it comes up. */
export interface Fallback {
  /**
   * Told why, once the clone's logs are put aside; `inFull` says also what becomes of a template
   * that is of no use.
   */
  onFallback(why: string, inFull: string): void;
  /** Told why no clone is tried: one before it has shown that the template is of no use. */
  onUntried?(why: string): void;
  boot(): Promise<RunningHost>;
}

/** A clone of the template, or a booted host where there is none or no clone of it comes up. */
export async function cloneOrBoot(
  template: StoredTemplate | undefined,
  start: StartHostOptions,
  { onFallback, onUntried, boot }: Fallback,
): Promise<RunningHost> {
  if (!template) return boot();
  if (template.unusable !== undefined) {
    onUntried?.(template.unusable);
    return boot();
  }
  let isLoading = false;
  const watched: StartHostOptions = {
    ...start,
    onIncoming: () => {
      isLoading = true;
      start.onIncoming?.();
    },
    onResumed: () => {
      isLoading = false;
      start.onResumed?.();
    },
  };
  try {
    return await cloneHost(template, watched);
  } catch (error) {
    start.signal?.throwIfAborted();
    const why = messageOf(error).replace(/\.$/, "");
    // What fails later is one clone's matter.
    const isUnloadable = isLoading && isRefusal(error);
    const ofTemplate = isUnloadable ? await template.giveUp(why) : undefined;
    await setCloneAside(start.directory);
    const { diskDirectory } = start;
    if (diskDirectory !== undefined) await rm(diskDirectory, { recursive: true, force: true });
    onFallback(why, ofTemplate === undefined ? why : `${why}; ${ofTemplate}`);
    return boot();
  }
}

/** QEMU that cannot load a state says so or just ends; a busy machine is late, or out of files. */
function isRefusal(error: unknown): boolean {
  if (error instanceof HostLost) return error.end === "death";
  if (!(error instanceof StateLoadFailed)) return false;
  const { cause } = error;
  return !(cause instanceof QmpTimeout) && !(cause instanceof Error && "syscall" in cause);
}
