import { readdir } from "node:fs/promises";
import { join } from "node:path";

const TRUSTED = "/etc/apt/trusted.gpg.d";
const KEYRINGS = "/usr/share/keyrings";

/**
 * Keys that an archive may be signed with, as file name and path: what this machine's apt
 * trusts, and Debian's own, which an Ubuntu has installed but does not trust.
 */
export async function trustedKeys(): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (const name of await readdir(TRUSTED).catch(() => [])) {
    if (/\.(gpg|asc)$/.test(name)) keys.set(name, join(TRUSTED, name));
  }
  for (const name of await readdir(KEYRINGS).catch(() => [])) {
    if (!/^debian-archive-keyring\.(gpg|pgp)$/.test(name)) continue;
    // apt looks at the suffix, and not every apt knows .pgp.
    keys.set("debian-archive-keyring.gpg", join(KEYRINGS, name));
  }
  return keys;
}
