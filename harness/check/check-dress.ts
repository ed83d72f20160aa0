import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { failureOf, messageOf } from "../base/error.ts";
import type { BuiltFile } from "../build/build-tree.ts";
import { packFiles } from "../build/pack-files.ts";
import { HYPERVISOR } from "../build/xen-recipe.ts";
import type { EventBus } from "../events/bus.ts";
import { BUILD_SCENARIO, type Facts, type PlannedCell } from "../events/schema.ts";
import type { LiveHost } from "../host/live-host.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import type { Dress, Judgement } from "../run/dress.ts";
import { phaseClock } from "../run/phase-clock.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { BASE, TITLES, variantOf } from "./axis.ts";
import { buildFor, type BuildOptions, type HostBuilds, type VariantBuild } from "./builds.ts";
import { dressHost } from "./dress-host.ts";

export interface CheckDressOptions extends BuildOptions {
  hosts: readonly HostSpec[];
  /** Folder for the hypervisors that hosts are booted with. */
  hypervisors: string;
  /** Folder for what is put on hosts. */
  archives: string;
  context: Omit<ImageContext, "phase" | "warn">;
}

/** Builds libvirt or Xen for each host and puts the build that a cell names on the cell's hosts. */
export class CheckDress implements Dress {
  readonly #builds = new Map<string, HostBuilds>();
  readonly #failures = new Map<string, unknown>();
  readonly #archives = new Map<string, Promise<string>>();

  constructor(readonly options: CheckDressOptions) {}

  get #title(): string {
    return TITLES[this.options.recipe.product];
  }

  async prepare(bus: EventBus): Promise<void> {
    const { hosts, context } = this.options;
    // One after the other: each compiles on all cores.
    for (const host of hosts) {
      const clock = phaseClock(bus, `build:${host.name}`);
      const warn = (message: string): void => bus.emit("warning", { message });
      const whole = clock("ready");
      try {
        const builds = await buildFor(host, this.options, { ...context, phase: clock, warn });
        await this.#layOutHypervisors(builds);
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

  /** With its build's hypervisor, where the patch changes that. */
  bootOf(cell: PlannedCell, spec: HostSpec): HostSpec {
    const builds = this.#builds.get(spec.name);
    if (!builds?.changed.includes(HYPERVISOR)) return spec;
    const products = buildOf(cell, builds)?.products ?? builds.base;
    const hypervisor = products.get(HYPERVISOR);
    if (!hypervisor) return spec;
    const { sha256 } = hypervisor;
    const patched = variantOf(cell) !== BASE;
    return { ...spec, hypervisor: { file: this.#hypervisorFile(sha256), sha256, patched } };
  }

  judge(cell: PlannedCell): Judgement | undefined {
    const isBuild = cell.scenario === BUILD_SCENARIO;
    const failure = this.#failures.get(cell.host);
    if (failure !== undefined) {
      const { message: reason, ...rest } = failureOf(failure);
      const error = { status: "error" as const, reason, ...rest, ms: 0, evidence: {} };
      return isBuild ? error : skipped(`${this.#title} is not built for ${cell.host}`);
    }
    const builds = this.#builds.get(cell.host);
    if (!builds) return undefined;
    const name = variantOf(cell);
    const build = buildOf(cell, builds);
    if (isBuild) return build ? judgeBuild(build) : skipped("a patch before it is refused");
    if (builds.changed.length === 0) return skipped(whyUnchanged(builds, this.#title));
    if (name === BASE) return undefined;
    if (!build || build.refused) return skipped(`its ${this.#title} is not built`);
    return undefined;
  }

  async apply(cell: PlannedCell, { host }: LiveHost): Promise<Facts> {
    const builds = this.#builds.get(host.name);
    if (!builds) return {};
    const build = buildOf(cell, builds);
    const products = build?.products ?? builds.base;
    const paths = builds.shipped.filter((path) => path !== HYPERVISOR);
    const title = build ? build.variant.title : "the unpatched build";
    const version =
      paths.length > 0 &&
      (await dressHost(host, {
        ...{ title, isBase: build === undefined },
        tar: await this.#archive(host.name, build?.variant.name ?? BASE, () =>
          paths.flatMap((path) => products.get(path) ?? []),
        ),
        // What the base has not either may be the distribution's.
        removed: paths.filter((path) => builds.base.has(path) && !products.has(path)),
      }));
    const { product } = this.options.recipe;
    return {
      ...(version && { libvirt_version: version }),
      [`${product}_build`]: title,
      [`${product}_files`]: builds.shipped.map((path) => basename(path)).join(" "),
    };
  }

  /** What a build puts on hosts of that name, packed when it is first asked for. */
  #archive(host: string, variant: string, files: () => BuiltFile[]): Promise<string> {
    const name = `${host}-${variant}`;
    const known = this.#archives.get(name);
    if (known) return known;
    const packed = this.#pack(name, files());
    this.#archives.set(name, packed);
    // A disk that was full need not be so for the next cell.
    packed.catch(() => this.#archives.delete(name));
    return packed;
  }

  async #pack(name: string, files: readonly BuiltFile[]): Promise<string> {
    const { archives } = this.options;
    await mkdir(archives, { recursive: true });
    const [tar, root] = [join(archives, `${name}.tar`), join(archives, name)];
    await rm(root, { recursive: true, force: true });
    await packFiles(files, root, tar);
    return tar;
  }

  #hypervisorFile(sha256: string): string {
    return join(this.options.hypervisors, sha256);
  }

  async #layOutHypervisors({ base, variants, changed }: HostBuilds): Promise<void> {
    if (!changed.includes(HYPERVISOR)) return;
    await mkdir(this.options.hypervisors, { recursive: true });
    for (const products of [base, ...variants.map((build) => build.products)]) {
      const hypervisor = products.get(HYPERVISOR);
      if (!hypervisor) continue;
      await writeFile(this.#hypervisorFile(hypervisor.sha256), hypervisor.bytes);
    }
  }
}

/** The patched build that a cell is for; undefined for the base's cells. */
function buildOf(cell: PlannedCell, { variants }: HostBuilds): VariantBuild | undefined {
  const name = variantOf(cell);
  return variants.find(({ variant }) => variant.name === name);
}

function judgeBuild({ refused, attempts, log, ms }: VariantBuild): Judgement {
  const evidence = { build: log };
  const comments = attempts.map(({ sentence }) => `the build is not to be trusted: ${sentence}`);
  if (!refused) return { status: "passed", reason: "", ms, evidence, comments };
  const { message: reason, ...rest } = failureOf(refused);
  return { status: "failed", reason, ...rest, ms, evidence, comments };
}

function whyUnchanged({ variants }: HostBuilds, title: string): string {
  const isBuilt = variants.some(({ refused }) => !refused);
  if (!isBuilt) return `no patched ${title} is built`;
  return "the patch changes nothing of what is built here and runs in a host";
}

function shipped({ changed, variants }: HostBuilds): string {
  if (variants.every(({ refused }) => refused)) return "the patch is refused";
  const names = changed.map((path) => basename(path));
  return names.length === 0 ? "no file differs from the base" : `differs in ${names.join(", ")}`;
}

function skipped(reason: string): Judgement {
  return { status: "skipped", reason, ms: 0, evidence: {} };
}
