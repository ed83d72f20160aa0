import { basename } from "node:path";
import { failureOf, messageOf } from "../base/error.ts";
import type { Product } from "../build/build-tree.ts";
import type { EventBus } from "../events/bus.ts";
import type { Facts, PlannedCell } from "../events/schema.ts";
import type { LiveHost } from "../host/live-host.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import type { Dress, Judgement } from "../run/dress.ts";
import { phaseClock } from "../run/phase-clock.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { BASE, BUILD_SCENARIO, variantOf } from "./axis.ts";
import { buildFor, type BuildOptions, type HostBuilds, type VariantBuild } from "./builds.ts";
import { dressHost } from "./dress-host.ts";

export interface CheckDressOptions extends BuildOptions {
  hosts: readonly HostSpec[];
  context: Omit<ImageContext, "phase" | "warn">;
}

/** Builds libvirt for each host and puts the build that a cell names on the cell's hosts. */
export class CheckDress implements Dress {
  readonly #builds = new Map<string, HostBuilds>();
  readonly #failures = new Map<string, unknown>();

  constructor(readonly options: CheckDressOptions) {}

  async prepare(bus: EventBus): Promise<void> {
    const { hosts, context } = this.options;
    // One after the other: each compiles on all cores.
    for (const host of hosts) {
      const clock = phaseClock(bus, `build:${host.name}`);
      const warn = (message: string): void => bus.emit("warning", { message });
      const whole = clock("ready");
      try {
        const builds = await buildFor(host, this.options, { ...context, phase: clock, warn });
        this.#builds.set(host.name, builds);
        whole(shipped(builds));
      } catch (error) {
        context.signal?.throwIfAborted();
        this.#failures.set(host.name, error);
        bus.emit("warning", { message: `${host.name}: ${messageOf(error)}` });
      } finally {
        clock.abandon();
      }
    }
  }

  judge(cell: PlannedCell): Judgement | undefined {
    const isBuild = cell.scenario === BUILD_SCENARIO;
    const failure = this.#failures.get(cell.host);
    if (failure !== undefined) {
      const { message: reason, ...rest } = failureOf(failure);
      const error = { status: "error" as const, reason, ...rest, ms: 0, evidence: {} };
      return isBuild ? error : skipped(`libvirt is not built for ${cell.host}`);
    }
    const builds = this.#builds.get(cell.host);
    if (!builds) return undefined;
    const name = variantOf(cell);
    const build = builds.variants.find(({ variant }) => variant.name === name);
    if (isBuild) return build ? judgeBuild(build) : skipped("a patch before it is refused");
    if (builds.changed.length === 0) return skipped(whyUnchanged(builds));
    if (name === BASE) return undefined;
    if (!build || build.refused) return skipped("its libvirt is not built");
    return undefined;
  }

  async apply(cell: PlannedCell, { host }: LiveHost): Promise<Facts> {
    const builds = this.#builds.get(host.name);
    if (!builds) return {};
    const name = variantOf(cell);
    const build = builds.variants.find(({ variant }) => variant.name === name);
    const products = build?.products ?? builds.base;
    const files = builds.shipped.flatMap((path): Product[] => {
      const product = products.get(path);
      return product ? [product] : [];
    });
    const what = build ? build.variant.title : "the unpatched build";
    await dressHost(host, files, what);
    return {
      libvirt_build: what,
      libvirt_files: files.map(({ path }) => basename(path)).join(" "),
    };
  }
}

function judgeBuild({ refused, attempts, log, ms }: VariantBuild): Judgement {
  const evidence = { build: log };
  const comments = attempts.map(({ sentence }) => `the build is not to be trusted: ${sentence}`);
  if (!refused) return { status: "passed", reason: "", ms, evidence, comments };
  const { message: reason, ...rest } = failureOf(refused);
  return { status: "failed", reason, ...rest, ms, evidence, comments };
}

function whyUnchanged({ variants }: HostBuilds): string {
  const isBuilt = variants.some(({ refused }) => !refused);
  return isBuilt ? "the patch changes nothing that runs in a host" : "no patched libvirt is built";
}

function shipped({ changed }: HostBuilds): string {
  const names = changed.map((path) => basename(path));
  return names.length === 0 ? "no file differs from the base" : `differs in ${names.join(", ")}`;
}

function skipped(reason: string): Judgement {
  return { status: "skipped", reason, ms: 0, evidence: {} };
}
