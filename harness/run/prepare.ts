import { join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import type { EventBus } from "../events/bus.ts";
import { ensureImage } from "../build/rebuilt-image.ts";
import { ensureTemplate } from "../host/template.ts";
import type { HostRuntime } from "../host/running-host.ts";
import type { StoredTemplate } from "../host/stored-template.ts";
import type { HostImage } from "../image/host-image.ts";
import type { Store } from "../image/store.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { phaseClock } from "./phase-clock.ts";

export interface PrepareOptions {
  cache: string;
  store: Store;
  bus: EventBus;
  signal: AbortSignal;
  /** A lock to build the image from instead of the project's. */
  lockFile?: string;
}

/** The image of a host, built when the store lacks it; its steps are phases of `image:<host>`. */
export async function prepareImage(spec: HostSpec, options: PrepareOptions): Promise<HostImage> {
  const { cache, store, bus, signal, lockFile } = options;
  const scope = `image:${spec.name}`;
  let built = false;
  const clock = phaseClock(bus, scope);
  const whole = clock("ready");
  try {
    const image = await ensureImage(spec, {
      cache,
      store,
      signal,
      ...(lockFile !== undefined && { lockFile }),
      phase: (name) => {
        built = true;
        return clock(name);
      },
      warn: (message) => bus.emit("warning", { message }),
    });
    whole(built ? "built" : "from the store, nothing built");
    return withHypervisor(image, spec);
  } finally {
    clock.abandon();
  }
}

/** Another image as far as templates are concerned: what booted from it is frozen in them. */
function withHypervisor(image: HostImage, { hypervisor }: HostSpec): HostImage {
  if (!hypervisor) return image;
  const { file: xen, sha256 } = hypervisor;
  const [key, digest] = [image.key, image.digest].map((own) => sha256Json({ own, xen: sha256 }));
  return { ...image, xen, key: key ?? "", digest: digest ?? "" };
}

/** Where a run keeps the logs of the boot that made a host's template. */
export function templateLogs(runPath: string, host: string): string {
  return join(runPath, "templates", host);
}

/** The template that a host's cells start from; none when they boot cold. */
export async function prepareHost(
  image: HostImage,
  runtime: HostRuntime,
  { cold, runPath }: { cold: boolean; runPath: string },
  { store, bus, signal }: PrepareOptions,
): Promise<StoredTemplate | undefined> {
  if (cold) return undefined;
  const { name } = image.spec;
  const clock = phaseClock(bus, `template:${name}`);
  const whole = clock("ready");
  let built = false;
  let refused = "";
  try {
    const template = await ensureTemplate({
      image,
      runtime,
      store,
      signal,
      logDirectory: templateLogs(runPath, name),
      phase: clock,
      onRefused: (reason) => {
        refused = `: ${reason}`;
      },
      onBuild: (reason) => {
        built = true;
        if (reason !== "absent") bus.emit("warning", { message: `${reason}; it is made anew` });
      },
    });
    whole(built ? `made${refused}` : "from the store, nothing booted");
    return template;
  } finally {
    clock.abandon();
  }
}
