import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import { messageOf } from "../base/error.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { aptSources } from "./apt-sources.ts";
import { trustedKeys } from "./apt-keys.ts";
import { ArchiveUnreachable, ImageBuildFailed, PackagesGone } from "./errors.ts";
import type { LockedFile, LockedPackage, LockedSource } from "./lock-file.ts";

/** An apt of its own: its state, lists and cache live in one directory, not in /var. */
export class AptArchive {
  /** The `deb` lines in use. */
  #lines: readonly string[] = [];

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
    archive.#lines = sources;
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

  /** The newest source package of a name, as the signed indexes have it. */
  async source(name: string, signal?: AbortSignal): Promise<LockedSource> {
    const lines = (await this.#sourceUris(name, signal)).map(({ file }) => file);
    const version = /_([^_]+)\.dsc$/.exec(lines.find((f) => f.name.endsWith(".dsc"))?.name ?? "");
    if (!version?.[1]) {
      throw new ArchiveUnreachable(this.spec.name, `it has no source package ${name}`);
    }
    return { name, version: version[1], files: lines };
  }

  /** Downloads files of a source package into `directory`, each checked against its SHA-256. */
  async downloadSource(
    { name, version }: Pick<LockedSource, "name" | "version">,
    files: readonly LockedFile[],
    directory: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const uris = await this.#sourceUris(`${name}=${version}`, signal);
    for (const wanted of files) {
      const uri = uris.find(({ file }) => file.sha256 === wanted.sha256)?.uri;
      if (uri === undefined) throw new PackagesGone(this.spec.name, [wanted.name]);
      const target = join(directory, wanted.name);
      const argv = [APT_HELPER, ...this.#options(), "download-file", uri, target];
      try {
        await runTool([...argv, `SHA256:${wanted.sha256}`], {
          timeoutMs: 600_000,
          ...(signal && { signal }),
        });
      } catch (error) {
        if (signal?.aborted) throw error;
        throw new ArchiveUnreachable(this.spec.name, messageOf(error), error);
      }
    }
  }

  /** @param asked name of a source package, or `name=version` */
  async #sourceUris(
    asked: string,
    signal?: AbortSignal,
  ): Promise<{ uri: string; file: LockedFile }[]> {
    // Their indexes are as large as those of the packages: only who asks for sources gets them.
    await this.#update([...this.#lines, ...this.#lines.map(sourceLine)], signal);
    const words = ["source", "-qq", "--print-uris", "--only-source", "--download-only", asked];
    const { stdout } = await runTool(["apt-get", ...this.#options(), ...words], {
      timeoutMs: 120_000,
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new ArchiveUnreachable(this.spec.name, messageOf(error), error);
    });
    // Signatures of upstream's: the index vouches for the files already, and mirrors lack some.
    return parseSourceUris(stdout).filter(({ file }) => !file.name.endsWith(".asc"));
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

/** Lines of `apt-get source --print-uris`: `'URI' name bytes SHA256:hex`. */
export function parseSourceUris(text: string): { uri: string; file: LockedFile }[] {
  return text.split("\n").flatMap((line) => {
    const match = /^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})/.exec(line);
    if (!match) return [];
    const [, uri = "", name = "", bytes = "0", sha256 = ""] = match;
    return [{ uri, file: { name, bytes: Number(bytes), sha256 } }];
  });
}

function sourceLine(line: string): string {
  return line.replace(/^deb /, "deb-src ");
}

const APT_HELPER = "/usr/lib/apt/apt-helper";

function nameInArchive(locked: LockedPackage): string {
  return `${qualifiedName(locked)}=${locked.version}`;
}

function qualifiedName({ name, architecture }: LockedPackage): string {
  return architecture === "all" ? name : `${name}:${architecture}`;
}
