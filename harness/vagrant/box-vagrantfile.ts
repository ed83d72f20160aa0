import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { HostSpec } from "../spec/host-spec.ts";

export interface BoxSettings {
  spec: Pick<HostSpec, "name" | "title" | "memoryMiB" | "vcpus">;
  /** What emulation needs; see harness/machine/quirks.ts. */
  emulated: Pick<AccelProfile, "cpu" | "quirks">;
  /** A key of the builder's is in the box instead of Vagrant's well-known one. */
  ownKey: boolean;
}

/** What every machine made from the box has; a user's own Vagrantfile is laid over it. */
export function boxVagrantfile({ spec, emulated, ownKey }: BoxSettings): string {
  const reasons = emulated.quirks
    .filter(({ setting }) => emulated.cpu.split(",").includes(setting))
    .map(({ setting, why }) => `#   ${setting}: ${why}`);
  return `# ${spec.title} as dom0 of Xen, with libvirt. Made by xenloop.
#
# Xen wants a processor that it can virtualise in turn. KVM has one where nesting is on;
# otherwise QEMU emulates it. XENLOOP_ACCEL=kvm or =tcg chooses. The emulated one:
${reasons.join("\n")}
nesting = Dir["/sys/module/kvm_{intel,amd}/parameters/nested"].any? do |file|
  File.read(file).match?(/[1Y]/)
end
accel = ENV.fetch("XENLOOP_ACCEL") { nesting && File.writable?("/dev/kvm") ? "kvm" : "tcg" }

Vagrant.configure("2") do |config|
  config.vm.guest = :debian
  config.vm.boot_timeout = 900
  config.vm.synced_folder ".", "/vagrant", disabled: true
  config.ssh.username = "root"
  config.ssh.sudo_command = "%c"
  config.ssh.insert_key = ${String(!ownKey)}
  config.vm.provider :libvirt do |libvirt|
    libvirt.machine_type = "q35"
    libvirt.memory = ${spec.memoryMiB}
    libvirt.cpus = ${spec.vcpus}
    libvirt.graphics_type = "none"
    libvirt.memballoon_enabled = false
    libvirt.disk_driver :cache => "unsafe"
    if accel == "kvm"
      libvirt.driver = "kvm"
      libvirt.cpu_mode = "host-passthrough"
      libvirt.nested = true
    else
      libvirt.driver = "qemu"
      libvirt.cpu_mode = "custom"
      libvirt.cpu_model = "qemu64"
      # The second -cpu wins: libvirt's own knows no x-force-features.
      libvirt.qemuargs :value => "-cpu"
      libvirt.qemuargs :value => "${emulated.cpu}"
    end
  end
end
`;
}
