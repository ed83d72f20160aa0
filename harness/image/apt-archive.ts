import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import { messageOf } from "../base/error.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { aptSources } from "./apt-sources.ts";
import { trustedKeys } from "./apt-keys.ts";
import { ArchiveUnreachable, ImageBuildFailed } from "./errors.ts";
import type { LockedPackage } from "./lock-file.ts";

/** An apt of its own: its state, lists and cache live in one directory, not in /var. */
export class AptArchive {
  private constructor(
    readonly spec: HostSpec,
    readonly directory: string,
  ) {}

  /** Fetches and checks the signed indexes of the host's release. */
  static async open(spec: HostSpec, directory: string, signal?: AbortSignal): Promise<AptArchive> {
    const archive = new AptArchive(spec, directory);
    const folders = ["state/lists/partial", "cache/archives/partial", "preferences.d", "keys"];
    for (const folder of folders) await mkdir(join(directory, folder), { recursive: true });
    await writeFile(join(directory, "status"), "");
    for (const [name, key] of await trustedKeys()) {
      await symlink(key, join(directory, "keys", name));
    }
    const { required, optional } = await aptSources(spec, directory, signal);
    const sources = [...required];
    await archive.#update(sources, signal);
    for (const source of optional) {
      try {
        await archive.#update([...sources, source], signal);
        sources.push(source);
      } catch (error) {
        if (!(error instanceof ArchiveUnreachable)) throw error;
      }
    }
    if (sources.length < required.length + optional.length) await archive.#update(sources, signal);
    return archive;
  }

  async #update(sources: readonly string[], signal?: AbortSignal): Promise<void> {
    await writeFile(join(this.directory, "sources.list"), sources.join("\n") + "\n");
    try {
      await runTool(["apt-get", ...this.#options(), "update", "-q", "--error-on=any"], {
        timeoutMs: 300_000,
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ArchiveUnreachable(this.spec.name, messageOf(error), error);
    }
  }

  /** All packages that the host's package list needs, essential ones included. */
  async resolve(signal?: AbortSignal): Promise<LockedPackage[]> {
    const wanted = ["?essential", "?priority(required)", "apt", ...this.spec.packages];
    const simulated = await runTool(
      ["apt-get", ...this.#options(), "install", "-qq", "--print-uris", "--yes", ...wanted],
      { timeoutMs: 120_000, ...(signal && { signal }) },
    ).catch((error: unknown) => {
      throw new ImageBuildFailed(
        "package resolution",
        messageOf(error),
        `correct the packages in images/hosts/${this.spec.name}.ts`,
        error,
      );
    });
    return parsePrintUris(simulated.stdout);
  }

  /** SHA-256 of those of these packages that the archive still has. */
  async available(packages: readonly LockedPackage[]): Promise<Set<string>> {
    const ask = async (...words: string[]) => {
      const argv = ["apt-cache", ...this.#options(), ...words];
      return (await runTool(argv, { timeoutMs: 120_000 })).stdout;
    };
    // One name or version that is not there would keep apt from showing any.
    const known = new Set((await ask("pkgnames")).split("\n"));
    const names = packages.filter(({ name }) => known.has(name)).map(qualifiedName);
    if (names.length === 0) return new Set();
    const shown = await ask("show", "--all-versions", ...names);
    return new Set(shown.match(/(?<=^SHA256: )[0-9a-f]{64}$/gm));
  }

  /** Downloads packages into `directory` with apt's own checks, under apt's own names. */
  async download(
    packages: readonly LockedPackage[],
    directory: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const argv = ["apt-get", ...this.#options(), "download", "-q", ...packages.map(nameInArchive)];
    try {
      await runTool(argv, { cwd: directory, timeoutMs: 1_800_000, ...(signal && { signal }) });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ArchiveUnreachable(this.spec.name, messageOf(error), error);
    }
  }

  /** `Date:` of each Release file, by suite. */
  async releaseDates(): Promise<Record<string, string>> {
    const lists = join(this.directory, "state/lists");
    const dates: Record<string, string> = {};
    for (const file of await readdir(lists)) {
      if (!/_(In)?Release$/.test(file)) continue;
      const text = await readFile(join(lists, file), "utf8");
      const suite = /^Codename: (\S+)/m.exec(text)?.[1] ?? /^Suite: (\S+)/m.exec(text)?.[1];
      const date = /^Date: (.+)$/m.exec(text)?.[1];
      if (suite && date) dates[suite] = new Date(date).toISOString();
    }
    return Object.fromEntries(Object.entries(dates).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #options(): string[] {
    const d = this.directory;
    const settings: Record<string, string> = {
      "Dir::State": join(d, "state"),
      "Dir::State::status": join(d, "status"),
      "Dir::State::lists": join(d, "state/lists"),
      "Dir::Cache": join(d, "cache"),
      "Dir::Etc::sourcelist": join(d, "sources.list"),
      "Dir::Etc::sourceparts": "/dev/null",
      "Dir::Etc::preferencesparts": join(d, "preferences.d"),
      "Dir::Etc::trusted": "/dev/null",
      "Dir::Etc::trustedparts": join(d, "keys"),
      "Dir::Etc::preferences": "/dev/null",
      "APT::Architecture": "amd64",
      "APT::Architectures": "amd64",
      "APT::Install-Recommends": "false",
      "APT::Sandbox::User": "",
      "APT::Get::List-Cleanup": "true",
      "Acquire::Languages": "none",
      "Acquire::Retries": "3",
      "Acquire::ForceHash": "SHA256",
      "Debug::NoLocking": "true",
    };
    if (this.spec.allowExpiredRelease) settings["Acquire::Check-Valid-Until"] = "false";
    return Object.entries(settings).map(([key, value]) => `-o${key}=${value}`);
  }
}

/** Lines of `apt-get --print-uris`: `'URI' name_version_arch.deb bytes SHA256:hex`. */
export function parsePrintUris(text: string): LockedPackage[] {
  const packages: LockedPackage[] = [];
  for (const line of text.split("\n")) {
    const match = /^'[^']+' (\S+)_(\S+)_([a-z0-9]+)\.deb (\d+) SHA256:([0-9a-f]{64})/.exec(line);
    if (!match) continue;
    const [, name = "", version = "", architecture = "", bytes = "0", sha256 = ""] = match;
    packages.push({
      name,
      version: decodeURIComponent(version),
      architecture,
      bytes: Number(bytes),
      sha256,
    });
  }
  return packages.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function nameInArchive(locked: LockedPackage): string {
  return `${qualifiedName(locked)}=${locked.version}`;
}

function qualifiedName({ name, architecture }: LockedPackage): string {
  return architecture === "all" ? name : `${name}:${architecture}`;
}
