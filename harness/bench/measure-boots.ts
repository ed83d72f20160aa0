import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { HostRuntime } from "../host/running-host.ts";
import { accelProfile } from "../machine/cpu-profile.ts";
import { ensureTemplate } from "../host/template.ts";
import { ensureHostImage, type HostImage } from "../image/host-image.ts";
import { Store } from "../image/store.ts";
import { phaseClock } from "../run/phase-clock.ts";
import type { Figures } from "./figures.ts";
import type { BenchSession } from "./session.ts";

/** The host's image with the distribution's units all started; it has a store key of its own. */
export function untunedImage({ request, store, bus }: BenchSession): Promise<HostImage> {
  const { spec, cache, signal } = request;
  const context = {
    cache,
    store,
    signal,
    phase: phaseClock(bus, `image:${spec.name}-untuned`),
    warn: (message: string) => bus.emit("warning", { message }),
  };
  return ensureHostImage(spec, context, { untuned: true });
}

/** QEMU's machine and the command lines of Xen and dom0 have only what they do not work without. */
function untunedRuntime({ runtime, acceleration }: BenchSession): HostRuntime {
  const { accel } = runtime.profile;
  const profile = accelProfile(accel, acceleration.qemuVersion, { speed: false });
  return { ...runtime, profile };
}

export type BootKind = "lean" | "untuned";

/** The image of a boot, and what it is run with. */
export async function bootOf(session: BenchSession, kind: BootKind) {
  const { image, runtime } = session;
  if (kind === "lean") return { image, runtime };
  return { image: await untunedImage(session), runtime: untunedRuntime(session) };
}

/** One boot, from nothing to libvirt's answer, asked at the same point as of a clone. */
export async function measureBoot(
  session: BenchSession,
  figures: Figures,
  kind: BootKind,
): Promise<void> {
  const { image, runtime } = await bootOf(session, kind);
  const started = performance.now();
  await using _ = await session.boot(image, runtime, {
    onIdentified: async (host) => {
      await host.virsh(["version"]);
      figures.add(`${kind}_virsh`, performance.now() - started);
    },
  });
}

/** A template made in a store of its own, which goes away again. */
export async function measureTemplate(session: BenchSession, figures: Figures): Promise<void> {
  const { image, runtime, request, workspace } = session;
  const root = join(workspace.path, "template-store");
  const started = performance.now();
  try {
    await ensureTemplate({
      image,
      runtime,
      store: new Store(root),
      logDirectory: join(workspace.path, "template-logs"),
      signal: request.signal,
      phase: () => () => undefined,
    });
    figures.add("template", performance.now() - started);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
