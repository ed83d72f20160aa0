import type { Product } from "../build/builder-spec.ts";

/** Which scenarios a change of some source files can touch; the first row that matches counts. */
interface Row {
  /** Of a path from the root of the source. */
  path: RegExp;
  /** Of scenarios; none where nothing that runs on Xen is made of it. */
  tags: readonly string[];
}

/** What becomes of a guest on one host, and of many at once. */
const GUEST = ["smoke", "boot", "lifecycle", "disks", "devices", "network", "load"];
/** With what is between a driver and its host: logs, and the memory that dom0 keeps. */
const DRIVER = [...GUEST, "logs", "dom0", "migration"];
/** What Nova asks a host before it makes a guest there, and how each type of guest boots. */
const OFFERS = ["smoke", "boot", "openstack"];

/**
 * Reviewed by hand against libvirt 7.0.0 to 12.8.0. Where in doubt a row names more: a scenario
 * too many costs a minute, one too few hides a failure. All of them cost half an hour a host: so
 * much only for the driver itself, whose work nothing else shows.
 */
const LIBVIRT: readonly Row[] = [
  { path: /^src\/libxl\/libxl_migration\./, tags: ["migration"] },
  { path: /^src\/libxl\/libxl_logger\./, tags: ["smoke", "logs"] },
  { path: /^src\/libxl\/libxl_capabilities\./, tags: OFFERS },
  // A guest's configuration is made anew where it migrates to.
  { path: /^src\/libxl\/libxl_/, tags: DRIVER },
  { path: /^src\/libxl\/xen_/, tags: ["smoke", "disks"] },
  { path: /^src\/libxl\//, tags: ["smoke", "lifecycle"] },
  { path: /^src\/conf\/(?:domain_)?capabilities\./, tags: OFFERS },
  // The destination reads the guest's XML and puts it into its list.
  { path: /^src\/conf\/(?:device|domain|object_event|virdomain)/, tags: [...GUEST, "migration"] },
  {
    path: /^src\/(?:conf\/.*(?:disk|storage)|storage_file\/|util\/virstorage)/,
    tags: ["smoke", "lifecycle", "disks", "devices", "migration"],
  },
  { path: /^src\/(?:conf\/net|util\/virnet)/, tags: ["smoke", "devices", "network"] },
  // libvirtd starts guests by itself, and answers several clients at once.
  { path: /^src\/(?:rpc|remote)\//, tags: ["smoke", "lifecycle", "load", "migration"] },
  { path: /^src\/(?:admin|access)\//, tags: ["smoke", "migration"] },
  // Ports, names, addresses and parameters of a migration.
  {
    path: /^src\/util\/vir(?:cookie|json|portallocator|socket|typedparam|uri|util)/,
    tags: ["smoke", "migration"],
  },
  {
    path: /^src\/(?:locking|hypervisor)\//,
    tags: ["smoke", "lifecycle", "disks", "devices", "network", "migration"],
  },
  {
    path: /^(?:src\/libvirt|tools\/virsh)-domain\.c$/,
    tags: ["smoke", "lifecycle", "devices", "migration"],
  },
  {
    path: /^src\/(?:qemu|lxc|ch|bhyve|vz|vbox|vmx|vmware|esx|hyperv|test|openvz|jailhouse|security)\//,
    tags: [],
  },
  { path: /^src\/(?:storage|node_device|nwfilter|network|interface|secret)\//, tags: [] },
  {
    path: /^(?:docs|tests|po|examples|ci|debian|\.git[^/]*|\.ctags|build-aux|run\.in)(?:\/|$)/,
    tags: [],
  },
  { path: /^[^/]*\.(?:md|rst)$|^(?:AUTHORS|COPYING|NEWS|README)/, tags: [] },
];

/** Reviewed by hand against Xen 4.14 to 4.20. */
const XEN: readonly Row[] = [
  { path: /^xen\/arch\/(?:arm|riscv|ppc)\//, tags: [] },
  // Which devices and logs a guest has is the tools' affair.
  {
    path: /^(?:xen|Config\.mk|config)(?:\/|$)/,
    tags: ["smoke", "boot", "lifecycle", "network", "load", "dom0", "migration"],
  },
  { path: /^tools\/lib(?:s\/light|xl)\//, tags: DRIVER },
  {
    path: /^tools\/lib(?:s\/(?:ctrl|guest|saverestore)|xc)\//,
    tags: ["smoke", "boot", "lifecycle", "migration"],
  },
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
