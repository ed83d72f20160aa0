import type { BootedHost } from "./booted-host.ts";

/** The line in dom0's kernel log and journal behind which everything is a clone's own. */
export const CLONE_MARK = "xenloop: the template ends here";

/** Level 6 is information, which the console does not print. */
const INFORMATION = "<6>";

/** What a boot complained of is not a fault of the clones made from it. */
export async function markEndOfTemplate(host: BootedHost): Promise<void> {
  await host.run(["tee", "/dev/kmsg"], { input: `${INFORMATION}${CLONE_MARK}\n` });
}

/** The part of a log of dom0's that is about this host and not about its template. */
export function ownPart(log: string): string {
  const own = log.split(CLONE_MARK).at(-1) ?? "";
  return own === log ? log : own.replace(/^\n/, "");
}
