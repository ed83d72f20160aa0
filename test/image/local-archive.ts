import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256, sha256File } from "../../harness/base/hash.ts";
import { runTool } from "../../harness/base/process.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";
import debian12 from "../../images/hosts/debian-12.ts";

export interface FakePackage {
  name: string;
  version: string;
  /** Further lines of the control file. */
  control?: string;
}

/** What every host has, so that apt's question for the essential ones has an answer. */
export const BASE: readonly FakePackage[] = [
  { name: "base-files", version: "1", control: "Essential: yes\nPriority: required\n" },
  { name: "apt", version: "1" },
];

/** An unsigned Debian archive in a directory, with one component, `main`. */
export class LocalArchive {
  constructor(readonly directory: string) {}

  /** Makes a suite of exactly these packages; the pool keeps no others. */
  async publish(
    suite: string,
    packages: readonly FakePackage[],
    release = `Date: ${new Date().toUTCString().replace("GMT", "UTC")}\n`,
  ): Promise<void> {
    const pool = join(this.directory, "pool", suite);
    await rm(pool, { recursive: true, force: true });
    await mkdir(pool, { recursive: true });
    const stanzas = await Promise.all(packages.map((one) => this.#build(pool, one)));
    const index = stanzas.join("\n");
    const dist = join(this.directory, "dists", suite);
    const path = "main/binary-amd64/Packages";
    await mkdir(dirname(join(dist, path)), { recursive: true });
    await writeFile(join(dist, path), index);
    const sum = ` ${sha256(index)} ${Buffer.byteLength(index)} ${path}`;
    const head = `Codename: ${suite}\nArchitectures: amd64\nComponents: main\n${release}`;
    await writeFile(join(dist, "Release"), `${head}SHA256:\n${sum}\n`);
  }

  /** Signs a suite with a new key; gives the file of the public one. */
  async sign(suite: string): Promise<string> {
    // A socket of gpg's agent lies in it, whose path must be short.
    const home = await mkdtemp(join(tmpdir(), "gpg-"));
    const env = { GNUPGHOME: home };
    const gpg = ["gpg", "--batch", "--quiet", "--passphrase", ""];
    const dist = join(this.directory, "dists", suite);
    const key = join(this.directory, "key.asc");
    try {
      await runTool([...gpg, "--quick-gen-key", "test", "ed25519", "sign", "never"], { env });
      await runTool([...gpg, "--armor", "--output", key, "--export"], { env });
      const [signed, plain] = [join(dist, "InRelease"), join(dist, "Release")];
      await runTool([...gpg, "--clearsign", "--output", signed, plain], { env });
    } finally {
      await runTool(["gpgconf", "--kill", "all"], { env });
      await rm(home, { recursive: true, force: true });
    }
    return key;
  }

  /** A host made of packages of this archive. */
  host(packages: readonly string[], release = "bookworm"): HostSpec {
    const mirror = `[trusted=yes] file:${this.directory}`;
    return { ...debian12, name: "fake", release, packages: [...packages], mirror };
  }

  async #build(pool: string, { name, version, control = "" }: FakePackage): Promise<string> {
    const tree = join(pool, `${name}.tree`);
    await mkdir(join(tree, "DEBIAN"), { recursive: true });
    await writeFile(
      join(tree, "DEBIAN/control"),
      `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: nobody <nobody@invalid>\n${control}Description: ${name}\n`,
    );
    const file = `${name}_${encodeURIComponent(version)}_amd64.deb`;
    const deb = join(pool, file);
    // A package published twice must be the same bytes, whatever second it is.
    await runTool(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, deb], {
      env: { SOURCE_DATE_EPOCH: "1700000000" },
    });
    const fields = await readFile(join(tree, "DEBIAN/control"), "utf8");
    await rm(tree, { recursive: true });
    const path = deb.slice(this.directory.length + 1);
    const { size } = await stat(deb);
    return `${fields}Filename: ${path}\nSize: ${size}\nSHA256: ${await sha256File(deb)}\n`;
  }
}

/** A copy of an archive as it is now, as a snapshot service keeps it. */
export async function snapshot(archive: LocalArchive, directory: string): Promise<LocalArchive> {
  await cp(archive.directory, directory, { recursive: true });
  return new LocalArchive(directory);
}
