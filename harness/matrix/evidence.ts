import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { INPUTS, isInputName } from "../run/run-inputs.ts";
import { EvidenceOutside } from "./errors.ts";
import type { ShardRun } from "./shard-runs.ts";

/**
 * Brings the files that the shards' cells name to the same places below `target`.
 * @returns sentences about those that are not there
 * @throws EvidenceOutside before anything is copied: a shard may come from another machine
 */
export async function copyEvidence(shards: readonly ShardRun[], target: string): Promise<string[]> {
  const files = shards.flatMap(({ directory, result }) =>
    result.cells.flatMap(({ attempts }) =>
      attempts.flatMap(({ evidence }) => evidence.map(({ path }) => ({ directory, path }))),
    ),
  );
  for (const { directory, path } of files) {
    if (isAbsolute(path) || normalize(path).startsWith("..")) {
      throw new EvidenceOutside(directory, path);
    }
  }
  const gone: string[] = [];
  for (const { directory, path } of files) {
    const copy = join(target, path);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(directory, path), copy).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      gone.push(`evidence is missing: ${join(directory, path)}`);
    });
  }
  for (const { directory } of shards) await copyInputs(directory, target);
  return gone;
}

/** What the hosts were made from, for a replay; shards of one run have the same. */
async function copyInputs(directory: string, target: string): Promise<void> {
  const names = await readdir(join(directory, INPUTS)).catch(() => []);
  await mkdir(join(target, INPUTS), { recursive: true });
  for (const name of names.filter(isInputName)) {
    await copyFile(join(directory, INPUTS, name), join(target, INPUTS, name));
  }
}
