import type { SshTarget } from "../channel/ssh-transport.ts";
import { VagrantUnreadable } from "./errors.ts";

const COMMAND = "vagrant ssh-config";

/** How to reach a machine, from what `vagrant ssh-config` prints. @throws {VagrantUnreadable} */
export function parseSshConfig(text: string): SshTarget {
  const value = (key: string): string | undefined => {
    const line = new RegExp(`^\\s*${key}\\s+(.+?)\\s*$`, "im").exec(text)?.[1];
    return line?.replace(/^"(.*)"$/, "$1");
  };
  const needed = (key: string): string => {
    const found = value(key);
    if (found === undefined) throw new VagrantUnreadable(COMMAND, `the machine's ${key}`, text);
    return found;
  };
  const port = Number(needed("Port"));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new VagrantUnreadable(COMMAND, "a port that is a number", text);
  }
  const user = needed("User");
  // Each machine makes its own host key, and goes with the run.
  const target = { host: needed("HostName"), port, user, identityFile: needed("IdentityFile") };
  return { ...target, sudo: user !== "root" };
}
