import type { BootedHost } from "../host/booted-host.ts";

/** As libvirt names them; `vhd` is the name that libxl knows of what QEMU calls `vpc`. */
export type DiskFormat = "raw" | "qcow2" | "vhd" | "vpc" | "vmdk";

/** A disk image in dom0. */
export interface Image {
  path: string;
  format: DiskFormat;
  /** The image that this one lies over. */
  below?: { path: string } | undefined;
}

export const QEMU_NAME: Readonly<Record<DiskFormat, string>> = {
  raw: "raw",
  qcow2: "qcow2",
  vhd: "vpc",
  vpc: "vpc",
  vmdk: "vmdk",
};

/** Writes an image anew, with qemu-img's `-o` of the new one. */
export async function convertImage(
  host: Pick<BootedHost, "run">,
  from: Image,
  to: Image,
  options: readonly string[] = [],
): Promise<void> {
  // qemu-img goes by holes, of which Linux may see some where data is not written back yet: K77.
  await host.run(["sync", from.path, ...(from.below ? [from.below.path] : [])]);
  const formats = ["-f", QEMU_NAME[from.format], "-O", QEMU_NAME[to.format]];
  const shape = options.length > 0 ? ["-o", options.join(",")] : [];
  await host.run(["qemu-img", "convert", ...formats, ...shape, from.path, to.path]);
}
