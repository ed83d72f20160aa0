import { tmpdir } from "node:os";
import { messageOf, XenloopError } from "../../base/error.ts";
import { quoteArgv } from "../../base/process-errors.ts";
import { runTool } from "../../base/process.ts";
import { NEEDED_PACKAGES } from "../../config/debian-packages.ts";
import { ContainerRuntime, findRuntime } from "../../build/container-runtime.ts";
import { isRoot } from "../../base/root.ts";
import { installCommands, missingPackages } from "../packages.ts";
import { ok, warn, type Check } from "./check.ts";

/** What `xenloop check` needs beyond a run: its lack is a warning. */
export const BUILD_CHECKS: readonly Check[] = [
  ...NEEDED_PACKAGES.filter(({ when }) => when === "builds").map(({ name, why }): Check => ({
    id: `package:${name}`,
    title: name,
    run: async (ctx) => {
      const lacking = missingPackages(ctx.env, { use: "builds" });
      if (lacking.every((needed) => needed.name !== name)) return ok(why);
      const commands = await installCommands([name], isRoot());
      return warn(`missing; it ${why}`, commands.map(quoteArgv).join(" && "));
    },
  })),
  {
    id: "sandbox",
    title: "Builds of patches",
    run: async (ctx) => {
      // The namespaces of a real build, with this machine's own root in place of a builder's.
      const own = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"];
      const user = isRoot() ? [] : ["--unshare-user", "--disable-userns"];
      const root = ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"];
      try {
        await runTool(["bwrap", ...own, ...user, ...root, "true"], {
          timeoutMs: 10_000,
          signal: ctx.signal,
        });
        return ok("bubblewrap makes their namespaces");
      } catch (error) {
        ctx.signal.throwIfAborted();
        return warn(`xenloop check cannot build here: ${messageOf(error)}`, USER_NAMESPACES);
      }
    },
  },
  {
    id: "containers",
    title: "Builds in containers",
    run: async (ctx) => {
      const place = await findRuntime(ctx.env);
      if (!place) return ok("not possible here, nor needed; podman or Docker would do them");
      try {
        await using runtime = await ContainerRuntime.open(tmpdir(), ctx.env);
        const { serverVersion, operatingSystem } = runtime.client.info.containerRuntime;
        return ok(`${runtime.title}: version ${serverVersion}, ${operatingSystem}`);
      } catch (error) {
        ctx.signal.throwIfAborted();
        return warn(
          `check --builder container cannot build here: ${messageOf(error)}`,
          hintOf(error),
        );
      }
    },
  },
];

const USER_NAMESPACES =
  "install bubblewrap, and allow user namespaces: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)";

function hintOf(error: unknown): string | undefined {
  return error instanceof XenloopError ? error.hint : undefined;
}
