import type { HostLock } from "../image/lock-file.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { SandboxRequest, SandboxResult } from "./sandbox.ts";

/** In what a build is shut in: the same root file system unpacked, or as a container's image. */
export const BUILDER_KINDS = ["root", "container"] as const;
export type BuilderKind = (typeof BUILDER_KINDS)[number];

/** The environment of a host's own release in which software for it is built. */
export interface Builder {
  kind: BuilderKind;
  spec: HostSpec;
  lock: HostLock;
  /** Names its root file system, and with it every package in it: the same of either kind. */
  key: string;
  /** Runs a command that nobody trusts, with the folders it is given and nothing else. */
  run(request: SandboxRequest): Promise<SandboxResult>;
}

/** Gives the builder of a host, from the store or made now. */
export type BuilderSource = (host: HostSpec, context: ImageContext) => Promise<Builder>;
