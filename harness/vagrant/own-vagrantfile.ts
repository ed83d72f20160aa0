export interface OwnMachine {
  /** Name that the box was added under. */
  box: string;
  /** One letter or digit that no other machine of the same libvirt has. */
  letter: string;
  /** Port on 127.0.0.1 that leads to its ssh. */
  port: number;
  identityFile: string;
  /** Value of QEMU's `-cpu` where it emulates: what is said here replaces what the box says. */
  cpu: string | undefined;
  vcpus: number;
  /** Directory for disks. */
  pool: string;
  /** File that takes its serial console. */
  serial: string;
}

/**
 * A machine in a libvirt session of ours. A session has no network that leads to its machines
 * without root; QEMU's own does. The provider finds an address by DHCP leases, so it is told.
 */
export function ownVagrantfile(machine: OwnMachine): string {
  const { box, letter, port, identityFile, cpu, vcpus, pool, serial } = machine;
  const net = `user,id=xenloop,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:${port}-:22`;
  // Without a slot it takes the first, before libvirt's own devices that are named by theirs.
  const device = "virtio-net-pci,netdev=xenloop,mac=52:54:00:12:34:56,bus=pcie.0,addr=0x18";
  const qemu = [...(cpu === undefined ? [] : ["-cpu", cpu]), "-netdev", net, "-device", device];
  const words = qemu.map((word) => `    libvirt.qemuargs :value => ${ruby(word)}\n`);
  // Of this one libvirt does not compare the features when a snapshot is restored: QEMU calls one
  // that is forced both there and missing.
  const maximum = cpu === undefined ? "" : '    libvirt.cpu_mode = "maximum"\n';
  return `require "vagrant-libvirt/driver"
VagrantPlugins::ProviderLibvirt::Driver.prepend(Module.new do
  def get_ipaddress(*)
    "127.0.0.1"
  end
end)

Vagrant.configure("2") do |config|
  # With the prefix the domain's name, which is in the paths of its sockets: these are short.
  config.vm.define "${letter}"
  config.vm.box = ${JSON.stringify(box)}
  config.ssh.host = "127.0.0.1"
  config.ssh.port = ${port}
  config.ssh.private_key_path = ${ruby(identityFile)}
  config.vm.provider :libvirt do |libvirt|
    libvirt.uri = "qemu:///session"
    libvirt.default_prefix = "x"
    libvirt.qemu_use_session = true
    # Where it looks for networks, even when it is to use none.
    libvirt.system_uri = "qemu:///session"
    libvirt.storage_pool_path = ${ruby(pool)}
    libvirt.serial :type => "file", :source => { :path => ${ruby(serial)} }
    # As QEMU gives them to a host of the harness: of processors that are sockets Xen 4.14 gives an
    # HVM guest one only.
    libvirt.cputopology :sockets => "1", :cores => "${vcpus}", :threads => "1"
    libvirt.mgmt_attach = false
${maximum}    # The provider insists on it where there is no network that it manages.
    libvirt.qemu_use_agent = true
${words.join("")}  end
end
`;
}

/** A string in single quotes, where Ruby looks for nothing but the quote and the backslash. */
function ruby(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
