import type { HostSpec } from "../spec/host-spec.ts";

/** What is built for hosts; each has its own packages, and its own recipe. */
export type Product = "libvirt" | "xen";

/** What they are compiled with, whichever version it is. */
const BUILD_PACKAGES: Readonly<Record<Product, readonly string[]>> = {
  // With the libxl driver.
  libvirt: [
    ...["build-essential", "pkg-config", "meson", "ninja-build", "gettext", "python3"],
    ...["python3-docutils", "xsltproc", "libxml2-utils", "libxml-xpath-perl"],
    ...["libglib2.0-dev", "libgnutls28-dev", "libxml2-dev", "libtirpc-dev", "libxen-dev"],
    ...["libnl-3-dev", "libnl-route-3-dev"],
    // Older libvirt reads JSON with the first, newer with the second.
    ...["libyajl-dev", "libjson-c-dev"],
  ],
  // The hypervisor, and of the tools what runs in dom0 between libvirt and it.
  xen: [
    ...["build-essential", "pkg-config", "gettext", "python3-dev", "flex", "bison"],
    ...["acpica-tools", "uuid-dev", "libncurses-dev", "libyajl-dev", "perl"],
    // The libraries that Debian's Xen uses, and no more: hosts have only those.
    ...["zlib1g-dev", "liblzma-dev", "libzstd-dev"],
    // Debian's source comes without what autoconf makes.
    ...["autoconf", "autotools-dev"],
  ],
};

/** rpcgen left the C library after bullseye. */
const WITH_RPCGEN = ["bullseye"];

/** The root file system that software for hosts of a release is built in, of their own archive. */
export function builderSpec(host: HostSpec, product: Product = "libvirt"): HostSpec {
  const isRpcgenApart = product === "libvirt" && !WITH_RPCGEN.includes(host.release);
  return {
    ...host,
    name: builderName(host, product),
    title: `Builder for ${host.release}`,
    packages: [...BUILD_PACKAGES[product], ...(isRpcgenApart ? ["rpcsvc-proto"] : [])],
    sources: [product],
  };
}

/** Hosts of one release share a builder. */
export function builderName(
  { release }: Pick<HostSpec, "release">,
  product: Product = "libvirt",
): string {
  return product === "libvirt" ? `${release}.builder` : `${release}.${product}-builder`;
}
