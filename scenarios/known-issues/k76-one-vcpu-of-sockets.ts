import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K76",
  title: "a PVH or HVM guest has one vcpu of two where the host's processors are sockets",
  symptom:
    "the guest's kernel brings up its first processor only; libvirt and xl list all of them. Seen on an emulated host of two sockets, which is what libvirt gives a machine of two processors; of one socket with two cores the guest has both",
  affected: { xen: ["<4.15"] },
  fix: "give the nested host cores of one socket: libvirt.cputopology in a Vagrantfile, <topology/> in libvirt's XML",
  source:
    "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools/libxc/xc_cpuid_x86.c;hb=refs/tags/RELEASE-4.14.6",
  fingerprint: [
    {
      in: "reason",
      text: /"the (PVH|HVM) guest sees the vcpus it was given" does not hold: found "1", wanted "2"/,
    },
  ],
  cannotRun: "the hosts of the matrix have cores of one socket, and Vagrant's machines too",
});
