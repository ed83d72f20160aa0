import type { ImageContext } from "../image/host-rootfs.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { Builder } from "./builder.ts";
import { builderRootfs } from "./builder-rootfs.ts";
import type { Product } from "./builder-spec.ts";
import { ensureContainerImage } from "./container-image.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { launchContainer } from "./container.ts";
import { runConfined } from "./sandbox.ts";

/** The builder of a host as a container: its image is the root file system of the other kind. */
export async function ensureContainerBuilder(
  host: HostSpec,
  context: ImageContext,
  runtime: ContainerRuntime,
  product: Product = "libvirt",
): Promise<Builder> {
  const { spec, lock, rootfs } = await builderRootfs(host, context, product);
  const imported = context.phase("image of the builder");
  const image = await ensureContainerImage(runtime.client, {
    key: rootfs.key,
    tar: rootfs.path("root.tar"),
    sha256: rootfs.digests["root.tar"] ?? "",
  });
  imported(image);
  const run: Builder["run"] = (request) =>
    runConfined(request, (command, log) => launchContainer(runtime, image, command, log));
  return { kind: "container", spec, lock, key: rootfs.key, run };
}
