import { VersionUnreadableError } from "./errors.ts";

/** What Xen promises of a live migration from one version to another. */
export type MigrationPromise = "supported" | "unpromised" | "backwards";

/**
 * Xen's rule: a guest may migrate to the same version and to the next one. Across several
 * versions it often works and nobody promises it; backwards the older side may meet records in
 * the stream that it does not know.
 */
export function promiseOfMigration(from: string, to: string): MigrationPromise {
  const steps = minor(to) - minor(from);
  if (steps < 0) return "backwards";
  return steps <= 1 ? "supported" : "unpromised";
}

/** Xen has been 4 since 2010; releases count up its second number by one. */
function minor(version: string): number {
  const [, number] = /^4\.(\d+)(?![\d])/.exec(version.trim()) ?? [];
  if (number === undefined) throw new VersionUnreadableError(version);
  return Number(number);
}
