import { ensureRootfs, lockOf, type ImageContext } from "../image/host-rootfs.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { builderSpec, type Product } from "./builder-spec.ts";

/** What a builder of either kind is made of: its packages, and the root file system of them. */
export async function builderRootfs(host: HostSpec, context: ImageContext, product: Product) {
  const spec = builderSpec(host, product);
  const lock = await lockOf(spec, context);
  return { spec, lock, rootfs: await ensureRootfs(spec, lock, context) };
}
