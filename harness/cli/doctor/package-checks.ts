import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { quoteArgv } from "../../base/process-errors.ts";
import { runTool } from "../../base/process.ts";
import { NEEDED_PACKAGES } from "../../config/debian-packages.ts";
import { isRoot } from "../../base/root.ts";
import { installCommands, missingPackages } from "../packages.ts";
import { fail, ok, type Check } from "./check.ts";

export const PACKAGE_CHECKS: readonly Check[] = NEEDED_PACKAGES.filter(
  ({ when }) => when === undefined || (when === "not-root" && !isRoot()),
).map(({ name, why }) => ({
  id: `package:${name}`,
  title: name,
  run: async (ctx) => {
    const missing = missingPackages(ctx.env).some((needed) => needed.name === name);
    if (!missing) return ok(why);
    const commands = await installCommands([name], isRoot());
    return fail(`missing; it ${why}`, commands.map(quoteArgv).join(" && "));
  },
}));

/** What building images as an ordinary user needs of the system's set-up. */
export const ROOTLESS_CHECKS: readonly Check[] = [
  {
    id: "subuid",
    title: "Subordinate ids",
    run: async () => {
      const { username, uid } = userInfo();
      const lacking: string[] = [];
      for (const file of ["/etc/subuid", "/etc/subgid"]) {
        const text = await readFile(file, "utf8").catch(() => "");
        if (!hasEntry(text, username, uid)) lacking.push(file);
      }
      if (lacking.length === 0) return ok(`${username} has entries in /etc/subuid and /etc/subgid`);
      const fix = `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`;
      return fail(`${username} has no entry of 65536 ids in ${lacking.join(" and ")}`, fix);
    },
  },
  {
    id: "userns",
    title: "User namespaces",
    run: async (ctx) => {
      try {
        await runTool(["unshare", "--user", "--map-root-user", "true"], {
          timeoutMs: 10_000,
          signal: ctx.signal,
        });
        return ok("an ordinary user may make them");
      } catch (error) {
        ctx.signal.throwIfAborted();
        return fail(
          `refused: ${error instanceof Error ? error.message : String(error)}`,
          "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), or user.max_user_namespaces=10000; or run as root",
        );
      }
    },
  },
];

/** Whether a line `name-or-uid:start:count` gives a range that holds a whole system's ids. */
export function hasEntry(text: string, username: string, uid: number): boolean {
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .some(([who, , count]) => (who === username || who === String(uid)) && Number(count) >= 65_536);
}
