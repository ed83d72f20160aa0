/** What needs more than a run does; tests make boxes and builds, too. */
export type PackageUse = "boxes" | "builds" | "containers" | "tests";

/** A Debian package this machine needs; the names are the same on Ubuntu. */
export interface NeededPackage {
  name: string;
  /** A program on PATH or an absolute path; any of them shows that the package is there. */
  proof: readonly string[];
  why: string;
  /** When it is needed: always, unless this says otherwise. */
  when?: "not-root" | PackageUse;
}

export const NEEDED_PACKAGES: readonly NeededPackage[] = [
  { name: "qemu-system-x86", proof: ["qemu-system-x86_64"], why: "runs the nested hosts" },
  { name: "qemu-utils", proof: ["qemu-img"], why: "makes the overlay disk of every machine" },
  { name: "mmdebstrap", proof: ["mmdebstrap"], why: "builds the hosts' root file systems" },
  { name: "genext2fs", proof: ["genext2fs"], why: "turns them into the same disk image each time" },
  { name: "e2fsprogs", proof: ["mke2fs", "/sbin/mke2fs"], why: "checks and grows the disk images" },
  {
    name: "uidmap",
    proof: ["newuidmap"],
    why: "lets an ordinary user build images in a user namespace",
    when: "not-root",
  },
  { name: "cpio", proof: ["cpio"], why: "packs the initial file systems of host and guest" },
  {
    name: "tcc",
    proof: ["tcc"],
    why: "compiles what makes programs start faster in every template",
  },
  { name: "xz-utils", proof: ["xz"], why: "unpacks kernels and packages" },
  { name: "zstd", proof: ["zstd"], why: "unpacks the kernels of newer releases" },
  {
    name: "bubblewrap",
    proof: ["bwrap"],
    why: "shuts builds of patches in for `xenloop check`",
    when: "builds",
  },
  {
    name: "git",
    proof: ["git"],
    why: "reads patches and checkouts for `xenloop check`",
    when: "builds",
  },
  {
    name: "podman",
    proof: ["podman"],
    why: "shuts builds in with containers for `xenloop check --builder container`",
    when: "containers",
  },
  {
    name: "runc",
    proof: ["runc", "crun"],
    why: "starts the containers of podman",
    when: "containers",
  },
  {
    name: "grub-pc-bin",
    proof: ["/usr/lib/grub/i386-pc/boot.img"],
    why: "is the boot loader on the disks of boxes and of HVM guests",
    when: "boxes",
  },
  {
    name: "grub-common",
    proof: ["grub-mkimage"],
    why: "puts that boot loader together",
    when: "boxes",
  },
  { name: "openssh-client", proof: ["ssh"], why: "logs in to the hosts for `xenloop shell`" },
  {
    name: "debian-archive-keyring",
    proof: [
      "/usr/share/keyrings/debian-archive-keyring.gpg",
      "/usr/share/keyrings/debian-archive-keyring.pgp",
    ],
    why: "verifies Debian's archive, on Ubuntu too",
  },
  { name: "util-linux", proof: ["flock"], why: "has flock and unshare" },
  {
    name: "python3",
    proof: ["python3"],
    why: "runs the agent of the hosts in the tests",
    when: "tests",
  },
  {
    name: "libvirt0",
    proof: ["/usr/share/libvirt/schemas/domain.rng"],
    why: "has libvirt's schemas, against which the tests hold the domain XML",
    when: "tests",
  },
];
