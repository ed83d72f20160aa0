"""Starts a program without its dynamic linking, which its owner does beforehand.

virsh links 60 libraries. Under emulation that takes half a second, ten times what its work
does. So before a template is frozen one virsh is started with zygote.c's library preloaded: it
stops where all is linked and main() has not begun, and from then on every virsh is a copy of it.
What runs is the distribution's program and libraries. When the program or a library of its own
project has changed since, as by a build under test, it is started as any other.
"""

import array
import os
import shutil
import signal
import socket
import struct

READY_SECONDS = 30
ANSWER_SECONDS = 10
LARGEST, MOST_STRINGS = 65536, 4000
PID = struct.Struct("=i")
# A request with these asks for another linking, or for another program.
OTHERWISE = (b"LD_", b"GLIBC_", b"MALLOC_", b"PATH")


class Zygote:
    def __init__(self, program, library):
        self.program = program
        self.library = library
        self.pid = 0
        self.channel = None
        self.files = {}  # path -> (inode, modification) of what must not change

    def prepare(self, environ):
        """Returns when copies can be made. Raises OSError."""
        self.end()
        path = shutil.which(self.program, path=environ.get(b"PATH", b"").decode())
        if path is None:
            raise FileNotFoundError(2, "not found", self.program)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, open("/dev/null", "r+b", buffering=0) as null:
            theirs.set_inheritable(True)
            own = {b"LD_PRELOAD": self.library.encode(),
                   b"XENLOOP_ZYGOTE": b"%d" % theirs.fileno()}
            actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), number) for number in (0, 1, 2)]
            self.pid = os.posix_spawn(path, [self.program], {**environ, **own},
                                      file_actions=actions, setsid=True,
                                      setsigdef=(signal.SIGPIPE, signal.SIGXFSZ))
        try:
            ours.settimeout(READY_SECONDS)
            if ours.recv(1) != b"!":
                raise OSError("%s cannot be preloaded with %s" % (path, self.library))
            ours.settimeout(ANSWER_SECONDS)
            self.files = {name: state(name) for name in mapped(self.pid, self.program)}
        except BaseException:
            ours.close()
            self.end()
            raise
        self.channel = ours

    def spawn(self, argv, env, environ, stdio):
        """The pid of a copy, a child of this process; None where the program is to be started."""
        if (self.channel is None or argv[0] != self.program.encode()
                or any(name.startswith(OTHERWISE) for name in env)):
            return None
        if any(state(name) != known for name, known in self.files.items()):
            self.end()
            return None
        strings = list(argv) + [b"%s=%s" % pair for pair in environ.items()]
        request = PID.pack(len(argv)) + b"".join(string + b"\0" for string in strings)
        if len(request) > LARGEST or len(strings) > MOST_STRINGS:
            return None
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", stdio))]
        try:
            self.channel.sendmsg([request], rights)
            return PID.unpack(self.channel.recv(PID.size))[0]
        except (OSError, struct.error):
            self.end()
            return None

    def end(self):
        if self.channel is not None:
            self.channel.close()
            self.channel = None
        self.files = {}
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


def state(path):
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def mapped(pid, program):
    """The program's own files among those that a process runs: itself and its project's libraries."""
    with open("/proc/%d/maps" % pid) as file:
        paths = {line.split(None, 5)[5].rstrip("\n") for line in file if "/" in line}
    stem = {"virsh": "libvirt"}.get(program, program)
    own = {path for path in paths
           if os.path.basename(path) == program or os.path.basename(path).startswith(stem)}
    # What is installed instead may come by another link.
    return sorted(own | {link for path in own for link in links_to(path)})


def links_to(path):
    """Names that a library is loaded by, such as libvirt.so.0 of libvirt.so.0.9000.0."""
    folder, name = os.path.split(path)
    while "." in name:
        name = name.rpartition(".")[0]
        link = os.path.join(folder, name)
        if os.path.islink(link):
            yield link
