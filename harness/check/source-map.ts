import type { Product } from "../build/builder-spec.ts";

/** Which scenarios a change of some source files can touch; the first row that matches counts. */
interface Row {
  /** Of a path from the root of the source. */
  path: RegExp;
  /** Of scenarios; none where nothing that runs on Xen is made of it. */
  tags: readonly string[];
}

/**
 * Reviewed by hand against libvirt 7.0.0 to 12.8.0. Where in doubt a row names more: a scenario
 * too many costs a minute, one too few hides a failure.
 */
const LIBVIRT: readonly Row[] = [
  { path: /^src\/libxl\/libxl_migration\./, tags: ["migration"] },
  {
    path: /^src\/libxl\/libxl_(?:domain|driver)\./,
    tags: ["smoke", "lifecycle", "migration", "disks"],
  },
  { path: /^src\/libxl\/(?:libxl_conf|xen_)/, tags: ["smoke", "disks"] },
  { path: /^src\/libxl\/libxl_(?:capabilities|logger)\./, tags: ["smoke"] },
  { path: /^src\/libxl\//, tags: ["smoke", "lifecycle"] },
  { path: /^src\/conf\/.*(?:disk|storage|domain)/, tags: ["smoke", "lifecycle", "disks"] },
  { path: /^src\/(?:rpc|remote|admin|access)\//, tags: ["smoke", "migration"] },
  { path: /^src\/util\/vir(?:socket|net|portallocator|json|cookie)/, tags: ["smoke", "migration"] },
  { path: /^src\/(?:locking|hypervisor)\//, tags: ["smoke", "lifecycle", "disks", "migration"] },
  { path: /^src\/libvirt-domain\.c$/, tags: ["smoke", "lifecycle", "migration"] },
  {
    path: /^src\/(?:qemu|lxc|ch|bhyve|vz|vbox|vmx|vmware|esx|hyperv|test|openvz|jailhouse|security)\//,
    tags: [],
  },
  { path: /^src\/(?:storage|node_device|nwfilter|network|interface|secret)\//, tags: [] },
  {
    path: /^(?:docs|tests|po|examples|ci|debian|\.git[^/]*|\.ctags|build-aux|run\.in)(?:\/|$)/,
    tags: [],
  },
  { path: /^[^/]*\.(?:md|rst|txt)$|^(?:AUTHORS|COPYING|NEWS|README)/, tags: [] },
];

/** Reviewed by hand against Xen 4.14 to 4.20. */
const XEN: readonly Row[] = [
  { path: /^xen\/arch\/(?:arm|riscv|ppc)\//, tags: [] },
  { path: /^(?:xen|Config\.mk|config)(?:\/|$)/, tags: ["smoke", "lifecycle", "migration"] },
  { path: /^tools\/lib(?:s\/light|xl)\//, tags: ["smoke", "lifecycle", "migration", "disks"] },
  { path: /^tools\/lib(?:s\/(?:guest|saverestore)|xc)\//, tags: ["smoke", "migration"] },
  { path: /^tools\/(?:libs|include|console|xl|xenstore)\//, tags: ["smoke", "lifecycle"] },
  { path: /^tools\/(?:ocaml|golang|python|tests|fuzz|debugger|flask|misc)\//, tags: [] },
  {
    path: /^(?:docs|automation|stubdom|misc|scripts|debian|\.[^/]+|[A-Z]+(?:\.md)?)(?:\/|$)/,
    tags: [],
  },
];

const MAPS: Readonly<Record<Product, readonly Row[]>> = { libvirt: LIBVIRT, xen: XEN };

/** Of what no row knows: a guest must still boot. */
const OTHERWISE: readonly string[] = ["smoke"];

/** Tags of the scenarios that a change of these paths can touch; empty when there are none. */
export function touchedTags(paths: readonly string[], product: Product): string[] {
  const tags = paths.flatMap(
    (path) => MAPS[product].find((row) => row.path.test(path))?.tags ?? OTHERWISE,
  );
  return [...new Set(tags)].sort();
}
