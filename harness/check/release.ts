import type { Product } from "../build/builder-spec.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { OtherXen } from "./errors.ts";

/** libvirt 12.8.0 has `libvirt.so.0.12008.0`, Xen 4.17 `libxenlight.so.4.17.0`. */
const LIBRARIES: Readonly<Record<Product, RegExp>> = {
  libvirt: /\/libvirt\.so\.0\.(\d+)\.(\d+)$/,
  xen: /\/libxen(?:light|ctrl)\.so\.(\d+)\.(\d+)(?:\.\d+)?$/,
};

/** The version that files of a build bear in their names; undefined where none does. */
export function builtVersion(product: Product, paths: Iterable<string>): string | undefined {
  for (const path of paths) {
    const [, first, second] = LIBRARIES[product].exec(path) ?? [];
    if (first === undefined || second === undefined) continue;
    if (product === "xen") return `${first}.${second}`;
    return `${Math.trunc(Number(first) / 1000)}.${Number(first) % 1000}.${second}`;
  }
  return undefined;
}

/**
 * Whether a build of libvirt is of another release than the host's own, so that its files cannot
 * serve beside those of the host's.
 * @throws OtherXen for Xen, whose tools, hypervisor and device models must be of one release
 */
export function isOtherRelease(
  product: Product,
  { name, expect }: HostSpec,
  paths: Iterable<string>,
): boolean {
  const built = builtVersion(product, paths);
  if (built === undefined || isPrefix(expect[product], built)) return false;
  if (product === "xen") throw new OtherXen(name, expect.xen, built);
  return true;
}

/** A host's file may say less of a version than a build does, as `4.17`, or more. */
function isPrefix(own: string, built: string): boolean {
  return `${own}.`.startsWith(`${built}.`) || `${built}.`.startsWith(`${own}.`);
}
