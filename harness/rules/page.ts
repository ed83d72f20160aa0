/** The page whose claims are checked, in nova's admin guide; its text is that of the Liberty reference of 2015. */
export const PAGE = {
  title: "Xen via libvirt",
  path: "doc/source/admin/configuration/hypervisor-xen-libvirt.rst",
  commit: "b608d6bfb4",
  url: "https://github.com/openstack/nova/blob/b608d6bfb4/doc/source/admin/configuration/hypervisor-xen-libvirt.rst",
} as const;
