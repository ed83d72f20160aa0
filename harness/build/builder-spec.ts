import type { HostSpec } from "../spec/host-spec.ts";

/** What libvirt with its libxl driver is compiled with, whichever version it is. */
const BUILD_PACKAGES: readonly string[] = [
  ...["build-essential", "pkg-config", "meson", "ninja-build", "gettext", "python3"],
  ...["python3-docutils", "xsltproc", "libxml2-utils", "libxml-xpath-perl"],
  ...["libglib2.0-dev", "libgnutls28-dev", "libxml2-dev", "libtirpc-dev", "libxen-dev"],
  ...["libnl-3-dev", "libnl-route-3-dev"],
  // Older libvirt reads JSON with the first, newer with the second.
  ...["libyajl-dev", "libjson-c-dev"],
];

/** rpcgen left the C library after bullseye. */
const WITH_RPCGEN = ["bullseye"];

/** Source packages that `check` can be told to build. */
export const SOURCE_PACKAGES: readonly string[] = ["libvirt"];

/** The root file system that software for hosts of a release is built in, of their own archive. */
export function builderSpec(host: HostSpec): HostSpec {
  return {
    ...host,
    name: builderName(host),
    title: `Builder for ${host.release}`,
    packages: [...BUILD_PACKAGES, ...(WITH_RPCGEN.includes(host.release) ? [] : ["rpcsvc-proto"])],
    sources: [...SOURCE_PACKAGES],
  };
}

/** Hosts of one release share a builder. */
export function builderName({ release }: Pick<HostSpec, "release">): string {
  return `${release}.builder`;
}
