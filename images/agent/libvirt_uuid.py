"""Changes the host UUID that a running libvirt daemon has, for clones of one template.

The daemon reads its UUID once, when it starts, and starting takes it a second and more. So the
template is frozen with the daemon up; before that `remember` notes where its memory holds the
UUID, which `give` then writes over: addresses of a clone are its template's.
"""

import os

CONF, PID_FILE = "/etc/libvirt/libvirtd.conf", "/run/libvirtd.pid"
# Hosts of a pair reach each other by TCP, on a wire of their own.
SETTINGS = '\n# xenloop\nhost_uuid = "%s"\nauth_tcp = "none"\n'
# Stacks of threads are this large, and hold no more than a passing copy.
STACK_BYTES = 8 * 1024 * 1024
UUID_BYTES = 16

remembered = None  # (pid, UUID, addresses)


def give(uuid):
    """`replaced`, or `restart` when the daemon has to be restarted."""
    global remembered
    configure(uuid)
    pid = running_daemon()
    if pid is None or remembered is None or remembered[0] != pid:
        return "restart"
    _, old, addresses = remembered
    new = binary(uuid)
    if not replace(pid, addresses, old, new):
        return "restart"
    remembered = (pid, new, addresses)
    return "replaced"


def remember(uuid):
    """How often the daemon's memory holds `uuid`."""
    global remembered
    remembered = None
    pid = running_daemon()
    if pid is None:
        return 0
    wanted = binary(uuid)
    addresses = find(pid, wanted)
    if addresses:
        remembered = (pid, wanted, addresses)
    return len(addresses)


def configure(uuid):
    """For a daemon that starts later."""
    with open(CONF) as file:
        distribution = file.read().partition(SETTINGS.partition("host")[0])[0]
    with open(CONF, "w") as file:
        file.write(distribution + SETTINGS % uuid)


def running_daemon():
    try:
        with open(PID_FILE) as file:
            pid = int(file.read())
        with open("/proc/%d/comm" % pid) as file:
            return pid if file.read() == "libvirtd\n" else None
    except (OSError, ValueError):
        return None


def find(pid, wanted):
    """Addresses of `wanted` in the memory that a process can write to."""
    addresses = []
    memory = os.open("/proc/%d/mem" % pid, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for start, end in writable(pid):
            try:
                block = os.pread(memory, end - start, start)
            except OSError:
                continue  # gone, or not memory
            at = block.find(wanted)
            while at >= 0:
                addresses.append(start + at)
                at = block.find(wanted, at + 1)
    finally:
        os.close(memory)
    return addresses


def replace(pid, addresses, old, new):
    """False, with nothing changed, when one of the places does not hold `old`."""
    memory = os.open("/proc/%d/mem" % pid, os.O_RDWR | os.O_CLOEXEC)
    try:
        if any(os.pread(memory, UUID_BYTES, address) != old for address in addresses):
            return False
        for address in addresses:
            os.pwrite(memory, new, address)
        return True
    finally:
        os.close(memory)


def writable(pid):
    with open("/proc/%d/maps" % pid) as file:
        for line in file:
            span, access, _, _, _, *name = line.split(None, 5)
            start, end = (int(number, 16) for number in span.split("-"))
            if access.startswith("rw") and (end - start < STACK_BYTES or "[heap]\n" in name):
                yield start, end


def binary(uuid):
    return bytes.fromhex(uuid.replace("-", ""))
