"""Writes golden.json: what Nova itself makes of image properties on Xen.

    python3 golden.py capabilities.xml < cases.json > golden.json

Wants Nova 22 with its tests: Debian 11's python3-nova. Nothing of Nova's own is replaced but
libvirt, by the fake one of Nova's tests; it answers with the capabilities of a live host.
"""
import json
import re
import sys
from unittest import mock

import eventlet

eventlet.monkey_patch(os=False)

from oslo_concurrency import processutils  # noqa: E402


def no_such_program(*_, **__):
    raise processutils.ProcessExecutionError("no such program")


# A library asks for programs while it is imported.
with mock.patch.object(processutils, "execute", no_such_program):
    import nova.conf
    from nova import context, exception, objects, version
    from nova.network import model
    from nova.scheduler.filters.image_props_filter import ImagePropertiesFilter
    from nova.tests.unit.virt.libvirt import fakelibvirt
    from nova.virt import fake
    from nova.virt.libvirt import blockinfo, driver
    import nova.privsep.libvirt

UUID = "00000000-0000-0000-0000-000000000001"
XEN = 4017000


def no_xend():
    raise OSError(2, "no such file")


def settings():
    conf = nova.conf.CONF
    conf([], project="nova")
    conf.set_override("virt_type", "xen", "libvirt")
    conf.set_override("instances_path", "/var/lib/nova/instances")
    objects.register_all()


def image_of(properties):
    return objects.ImageMeta.from_dict({
        "id": UUID, "disk_format": "qcow2", "container_format": "bare", "name": "image",
        "properties": properties})


def instance_of(image):
    flavor = objects.Flavor(
        id=1, flavorid="1", name="small", memory_mb=128, vcpus=1, root_gb=1, ephemeral_gb=0,
        swap=0, extra_specs={}, vcpu_weight=None, rxtx_factor=1.0, is_public=True, disabled=False)
    instance = objects.Instance(
        id=1, uuid=UUID, project_id="project", user_id="user", display_name="guest", host="host",
        node="host", memory_mb=128, vcpus=1, root_gb=1, ephemeral_gb=0, flavor=flavor,
        image_ref=UUID, kernel_id="", ramdisk_id="", root_device_name=None, os_type=None,
        default_ephemeral_device=None, default_swap_device=None, architecture=None,
        vm_mode=image.properties.get("hw_vm_mode"), system_metadata={}, metadata={},
        config_drive="", numa_topology=None, resources=None, vcpu_model=None, trusted_certs=None,
        pci_devices=objects.PciDeviceList(objects=[]), device_metadata=None,
        pci_requests=objects.InstancePCIRequests(requests=[]), migration_context=None)
    instance.obj_reset_changes()
    return instance


def network():
    subnet = model.Subnet(cidr="10.0.0.0/24", ips=[model.IP(address="10.0.0.2", type="fixed")])
    bridge = model.Network(id=UUID, bridge="xenbr0", label="net", subnets=[subnet])
    details = {model.VIF_DETAILS_PORT_FILTER: False}
    return model.NetworkInfo([model.VIF(
        id=UUID, address="fa:16:3e:00:00:01", network=bridge, type=model.VIF_TYPE_BRIDGE,
        devname="tap00000000-00", details=details)])


def domain(nova_driver, image):
    instance = instance_of(image)
    disks = blockinfo.get_disk_info("xen", instance, image)
    user = context.RequestContext("user", "project", user_name="user", project_name="project")
    config = nova_driver._get_guest_config(instance, network(), image, disks, context=user)
    # Its own metadata has the time in it.
    return re.sub(r"\n *<metadata>.*</metadata>", "", config.to_xml(), flags=re.S)


def error_of(error):
    return {"error": type(error).__name__, "message": str(error)}


def answer(nova_driver, offers, properties):
    found = {"properties": properties}
    try:
        image = image_of(properties)
    except (ValueError, exception.NovaException) as error:
        return {**found, "image": error_of(error)}
    names = ("hw_vm_mode", "img_hv_type", "hw_architecture", "hw_disk_bus", "hw_vif_model")
    found["image"] = {name: image.properties.get(name) for name in names}
    host = mock.Mock(supported_instances=offers, hypervisor_version=XEN)
    found["chosen"] = ImagePropertiesFilter().host_passes(host, mock.Mock(image=image))
    try:
        found["domain"] = domain(nova_driver, image)
    except exception.NovaException as error:
        found["domain"] = error_of(error)
    return found


def main(capabilities):
    settings()
    fakelibvirt.FakeLibvirtFixture().setUp()
    offered = {"text": capabilities}
    for method, reply in (("getCapabilities", lambda _: offered["text"]),
                          ("getVersion", lambda _: XEN), ("getType", lambda _: "Xen")):
        mock.patch.object(fakelibvirt.Connection, method, reply).start()
    nova.privsep.libvirt.xend_probe = no_xend
    try:
        driver.LibvirtDriver(fake.FakeVirtAPI(), True)._get_instance_capabilities()
        whole = {}
    except exception.NovaException as error:
        whole = error_of(error)
    pvh = r"\s*<guest>\s*<os_type>xenpvh</os_type>.*?</guest>"
    offered["text"] = re.sub(pvh, "", capabilities, flags=re.S)
    nova_driver = driver.LibvirtDriver(fake.FakeVirtAPI(), True)
    offers = nova_driver._get_instance_capabilities()
    cases = [answer(nova_driver, offers, properties) for properties in json.load(sys.stdin)]
    golden = {"nova": version.version_string(), "capabilities": whole, "offers": offers}
    json.dump({**golden, "cases": cases}, sys.stdout, indent=2)


if __name__ == "__main__":
    main(open(sys.argv[1]).read())
