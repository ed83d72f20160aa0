import { runTool } from "../base/process.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { ImageBuildFailed } from "./errors.ts";

const MARK = "SOURCE:";

/**
 * The `deb` lines for a host: the mirror of its file or of the user's config,
 * else what mmdebstrap takes by default, so that no mirror is named here.
 */
export async function aptSources(spec: HostSpec, signal?: AbortSignal): Promise<string[]> {
  const components = spec.components.join(" ");
  if (spec.mirror) return [`deb ${spec.mirror} ${spec.release} ${components}`];
  // Stopped by its own first hook: nothing is downloaded.
  const hook = `sed 's/^/${MARK}/' "$1/etc/apt/sources.list" >&2; exit 9`;
  const argv = ["mmdebstrap", "--variant=custom", `--setup-hook=${hook}`];
  const asked = await runTool(
    [...argv, `--components=${components.replaceAll(" ", ",")}`, spec.release, "/dev/null"],
    { timeoutMs: 60_000, acceptExitCodes: [1, 2, 9, 25, 255], ...(signal && { signal }) },
  );
  const lines = asked.stderr
    .split("\n")
    .filter((line) => line.startsWith(`${MARK}deb `))
    .map((line) => line.slice(MARK.length).replace(/^deb \[[^\]]*\] /, "deb "));
  if (lines.length === 0) {
    throw new ImageBuildFailed(
      "mmdebstrap",
      `it names no default mirror for ${spec.release}: ${asked.stderr.trim().split("\n").at(-1) ?? ""}`,
      `set hosts.${spec.name}.mirror in xenloop.config.yaml`,
    );
  }
  return lines;
}
