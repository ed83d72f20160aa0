import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../base/error.ts";
import { nearest } from "../base/nearest.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { ConfigInvalid, HostSpecInvalid, HostUnknown } from "./errors.ts";
import type { LoadedConfig } from "./load.ts";
import { applyOverrides } from "./overrides.ts";
import { placedHosts } from "./placed-hosts.ts";

/** Words that stand for several hosts. */
export const ALL = "all";
export const REBUILT = "rebuilt";
const GROUPS: readonly string[] = [ALL, REBUILT];

/** The hosts of images/hosts/, with the user's overrides applied. */
export class HostRegistry {
  readonly #hosts: ReadonlyMap<string, HostSpec>;

  constructor(hosts: readonly HostSpec[]) {
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
  }

  get names(): string[] {
    return [...this.#hosts.keys()];
  }

  /**
   * What `all` means: every host as its distribution makes it and that is built here, for it must
   * not reach somebody else's machine, without those that are there for who names them.
   */
  all(): HostSpec[] {
    return this.#builtHere().filter(({ libvirt }) => libvirt === undefined);
  }

  /** What `rebuilt` means: hosts with a libvirt that is built for them, pairs that nobody ships. */
  rebuilt(): HostSpec[] {
    return this.#builtHere().filter(({ libvirt }) => libvirt !== undefined);
  }

  /** The hosts that names and the words `all` and `rebuilt` stand for. @throws HostUnknown */
  named(words: readonly string[]): HostSpec[] {
    const named = words.flatMap((word) => {
      if (word === ALL) return this.all();
      return word === REBUILT ? this.rebuilt() : [this.get(word)];
    });
    return [...new Set(named)];
  }

  #builtHere(): HostSpec[] {
    return [...this.#hosts.values()].filter(
      ({ place, onRequest = false }) => place === undefined && !onRequest,
    );
  }

  /** @throws HostUnknown with the nearest name */
  get(name: string): HostSpec {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new HostUnknown(name, this.names, nearest(name, this.names));
    return host;
  }
}

export interface LoadHostsOptions {
  /** Directory of host files, images/hosts. */
  directory: string;
  config: LoadedConfig;
  mirror?: string | undefined;
}

/** Reads every host file, sorted as people count: debian-9 before debian-11. */
export async function loadHosts(options: LoadHostsOptions): Promise<HostRegistry> {
  const { directory, config, mirror } = options;
  const files = (await readdir(directory)).filter((name) => name.endsWith(".ts"));
  files.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const specs = await Promise.all(files.map((file) => readHost(join(directory, file))));
  const overrides = config.values.hosts ?? {};
  const own = specs.map(({ name }) => name);
  const changed = Object.entries(overrides).filter(([, { backend }]) => backend === undefined);
  checkNames(
    changed.map(([name]) => name),
    own,
    config,
  );
  const placed = placedHosts(config, own);
  const built = specs.map((spec) => applyOverrides(spec, overrides[spec.name], mirror));
  return new HostRegistry([...built, ...placed]);
}

async function readHost(file: string): Promise<HostSpec> {
  const module = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new HostSpecInvalid(file, messageOf(error), error);
  })) as { default?: Partial<HostSpec> };
  const spec = module.default;
  if (typeof spec !== "object") throw new HostSpecInvalid(file, "it has no default export");
  const name = file.replace(/^.*\/|\.ts$/g, "");
  if (spec.name !== name) {
    throw new HostSpecInvalid(file, `its name is "${spec.name}", but the file says "${name}"`);
  }
  const missing = REQUIRED.filter((field) => spec[field] === undefined);
  if (GROUPS.includes(name)) {
    throw new HostSpecInvalid(file, `"${name}" stands for several hosts, none may be called so`);
  }
  if (missing.length > 0) throw new HostSpecInvalid(file, `it lacks ${missing.join(", ")}`);
  return spec as HostSpec;
}

// Type checking covers the project's own files; a user's are loaded without it.
const REQUIRED: readonly (keyof HostSpec)[] = [
  "title",
  "release",
  "components",
  "packages",
  "expect",
  "memoryMiB",
  "vcpus",
  "dom0",
];

function checkNames(
  given: readonly string[],
  known: readonly string[],
  config: LoadedConfig,
): void {
  const wrong = given.filter((name) => !known.includes(name));
  if (wrong.length === 0) return;
  throw new ConfigInvalid(
    wrong.map((name) => {
      const near = nearest(name, known);
      const guess = near === undefined ? "" : `; did you mean "${near}"?`;
      return { where: config.where(["hosts", name]), what: `hosts.${name}: no such host${guess}` };
    }),
    `the hosts are ${known.join(", ")}; one that is built elsewhere says backend: ssh or vagrant`,
  );
}
