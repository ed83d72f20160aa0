import { runTool } from "../base/process.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { ImageBuildFailed } from "./errors.ts";

const MARK = "SOURCE:";

export interface AptSources {
  /** `deb` lines without which there is no host. */
  required: string[];
  /** `deb` lines that are taken where the archive has them. */
  optional: string[];
}

/**
 * The `deb` lines for a host: of the mirror that its file or the user's configuration names,
 * else what mmdebstrap takes by default, so that no mirror is named here.
 *
 * A mirror replaces all of these. Its `<release>-updates` is taken where it has one, and so is
 * the security archive where that lies beside it, `…/debian-security` for `…/debian`.
 */
export async function aptSources(
  spec: HostSpec,
  scratch: string,
  signal?: AbortSignal,
): Promise<AptSources> {
  if (spec.mirror !== undefined) return mirrorSources(spec, spec.mirror);
  return { required: await defaultSources(spec, scratch, signal), optional: [] };
}

function mirrorSources({ release, components }: HostSpec, mirror: string): AptSources {
  const line = (uri: string, suite: string) => `deb ${uri} ${suite} ${components.join(" ")}`;
  // Also snapshots: …/archive/debian/<time> has …/archive/debian-security/<time> beside it.
  const security = mirror.replace(/\/debian(?=\/|$)/, "/debian-security");
  return {
    required: [line(mirror, release)],
    optional: [
      line(mirror, `${release}-updates`),
      ...(security === mirror ? [] : [line(security, `${release}-security`)]),
    ],
  };
}

async function defaultSources(
  spec: HostSpec,
  scratch: string,
  signal?: AbortSignal,
): Promise<string[]> {
  // Stopped by its own first hook: nothing is downloaded.
  const hook = `sed 's/^/${MARK}/' "$1/etc/apt/sources.list" >&2; exit 9`;
  const asked = await runTool(
    [
      "mmdebstrap",
      "--variant=custom",
      // Without root this would need a user namespace, and one that passes `scratch`.
      "--mode=chrootless",
      `--setup-hook=${hook}`,
      `--components=${spec.components.join(",")}`,
      spec.release,
      "/dev/null",
    ],
    {
      timeoutMs: 60_000,
      acceptExitCodes: [1, 2, 9, 25, 255],
      env: { TMPDIR: scratch },
      ...(signal && { signal }),
    },
  );
  const lines = asked.stderr
    .split("\n")
    .filter((line) => line.startsWith(`${MARK}deb `))
    // The keys are AptArchive's business.
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
