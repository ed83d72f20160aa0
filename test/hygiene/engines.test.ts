import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";
import t from "tap";

const repo = join(import.meta.dirname, "../..");

interface Manifest {
  engines?: { node?: string };
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8")) as T;
}

/** Folders of the packages that npm really installed: optional ones may be absent. */
async function installedPackages(): Promise<string[]> {
  const lock = await readJson<{ packages: Record<string, unknown> }>(
    join(repo, "package-lock.json"),
  );
  return Object.keys(lock.packages).filter(
    (folder) => folder !== "" && existsSync(join(repo, folder, "package.json")),
  );
}

t.test("every installed package accepts this Node", async (t) => {
  const folders = await installedPackages();
  t.ok(folders.length > 50, "the packages are installed");
  const refused: string[] = [];
  for (const folder of folders) {
    const { engines } = await readJson<Manifest>(join(repo, folder, "package.json"));
    const range = engines?.node;
    if (range && !semver.satisfies(process.version, range))
      refused.push(`${folder} wants ${range}`);
  }
  t.same(refused, [], `Node ${process.version}`);
});

t.test("the range we promise holds for this Node", async (t) => {
  const { engines } = await readJson<Manifest>(join(repo, "package.json"));
  t.ok(semver.satisfies(process.version, engines?.node ?? ""));
});

t.test("the lower end we promise is accepted by what users run", async (t) => {
  const { engines } = await readJson<Manifest>(join(repo, "package.json"));
  const lowest = semver.minVersion(engines?.node ?? "")?.version ?? "";
  const { packages } = await readJson<{
    packages: Record<string, Manifest & { dev?: boolean; optional?: boolean }>;
  }>(join(repo, "package-lock.json"));
  const refused = Object.entries(packages)
    .filter(([folder, { dev, optional }]) => folder !== "" && !dev && !optional)
    .filter(([, { engines: own }]) => own?.node && !semver.satisfies(lowest, own.node))
    .map(([folder, { engines: own }]) => `${folder} wants ${own?.node}`);
  t.same(refused, [], `Node ${lowest}`);
});
