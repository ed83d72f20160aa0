/** Boot-time settings of Xen and dom0; a user's config may override each by name. */
export interface Dom0Settings {
  /** Value of Xen's `dom0_mem=`, e.g. `1536M,max:1536M`; empty leaves dom0 all memory. */
  mem: string;
  /** Value of `dom0_max_vcpus=`. */
  maxVcpus: number;
  /** Adds `dom0_vcpus_pin`. */
  vcpusPin: boolean;
  /** Further words of Xen's command line. */
  xenOptions: string[];
}

/** A release and where its packages are: the same fields as a host's. */
export type ReleaseSpec = Pick<
  HostSpec,
  "name" | "release" | "components" | "mirror" | "allowExpiredRelease"
>;

/** Who gives cells their hosts. */
export type BackendName = "qemu" | "ssh" | "vagrant";

/** Where a host is that is not built from packages here. */
export type HostPlace = SshPlace | VagrantPlace;

/** A machine that runs already; nothing of it is created or destroyed. */
export interface SshPlace {
  backend: "ssh";
  address: string;
  port: number;
  /** root, or one who may use sudo without a password. */
  user: string;
  /** Absolute path of the private key. */
  key: string;
  /** Absolute path of the file that has the machine's host key; ssh's own otherwise. */
  knownHosts?: string;
}

/** A machine that somebody's own Vagrantfile or box makes. */
export interface VagrantPlace {
  backend: "vagrant";
  /** Name of a box that `vagrant box list` shows, or whatever `vagrant init` takes. */
  box?: string;
  /** Absolute path of a Vagrantfile. */
  vagrantfile?: string;
}

/** A hypervisor that takes the place of the packages'. */
export interface OwnHypervisor {
  /** Absolute path of an ELF file, as QEMU's multiboot loader wants it. */
  file: string;
  sha256: string;
  /** It is what is under test: that it does not come up is its own fault, and it is not kept. */
  patched: boolean;
}

/** A nested host that can be built and booted: one file each under images/hosts/. */
export interface HostSpec {
  /** File name without `.ts`, e.g. `debian-12`. */
  name: string;
  title: string;
  /** Debian suite, e.g. `bookworm`. */
  release: string;
  components: string[];
  /** Mirror for this host only; the machine's own apt sources otherwise. */
  mirror?: string;
  /** The release's signed index is allowed to be past its date (rolling releases). */
  allowExpiredRelease?: boolean;
  /** Packages that make the host, over the minimal base. */
  packages: string[];
  /** Source packages that are pinned along, of a builder. */
  sources?: string[];
  /** A disk with a Debian of the host's own release, for guests; see images/guests/debian. */
  debianGuest?: boolean;
  /** libvirt is not the distribution's but built for this host, from another release's source. */
  libvirt?: { source: ReleaseSpec };
  /** Of hosts that check a change to Xen; no host file has one. */
  hypervisor?: OwnHypervisor;
  /** What the lock and the live host are expected to say, as prefixes, e.g. `4.17`. */
  expect: { xen: string; libvirt: string; kernel: string };
  /** Memory of the whole machine in MiB. */
  memoryMiB: number;
  vcpus: number;
  dom0: Dom0Settings;
  /** Of a host that is built elsewhere: what it has is not known before it is asked. */
  place?: HostPlace;
  /** Not one of all hosts: it is there for who names it. */
  onRequest?: boolean;
}
