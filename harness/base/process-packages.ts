/** The Debian package of each outer-machine program; names are the same on Ubuntu. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  "apt-get": "apt",
  bwrap: "bubblewrap",
  dpkg: "dpkg",
  "dpkg-deb": "dpkg",
  e2fsck: "e2fsprogs",
  git: "git",
  guestfish: "guestfish",
  mke2fs: "e2fsprogs",
  debugfs: "e2fsprogs",
  mmdebstrap: "mmdebstrap",
  newuidmap: "uidmap",
  podman: "podman",
  "qemu-img": "qemu-utils",
  "qemu-system-x86_64": "qemu-system-x86",
  setpriv: "util-linux",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  supermin: "supermin",
  unshare: "util-linux",
  vagrant: "vagrant",
  virsh: "libvirt-clients",
  zstd: "zstd",
};

/** Takes a program's name or path; undefined when the package is not known. */
export function packageOf(program: string): string | undefined {
  return DEBIAN_PACKAGES[program.slice(program.lastIndexOf("/") + 1)];
}
