"""Starts programs in sessions of their own, cheaply: posix_spawn or less, never fork or a shell."""

import errno
import os
import signal
import struct

from zygote import Zygote

LIBRARY = "/run/xenloop-agent.so"

# Shells say 126 and 127; env(1) says 125 for a failure of its own.
CANNOT_ENTER_CWD, CANNOT_EXECUTE, NOT_FOUND = 125, 126, 127


class SpawnError(Exception):
    def __init__(self, code, name, cause):
        super().__init__(code, name, cause)
        self.code = code
        self.message = b"xenloop-agent: %s: %s\n" % (name, cause.strerror.encode())


def parse_start(payload):
    """(argv, env, cwd) of a START, or None when it is damaged.

    A half frame that padding completed has more zero bytes than it announces strings.
    """
    if len(payload) < 8:
        return None
    argc, envc = struct.unpack_from(">II", payload)
    strings = payload[8:].split(b"\0")
    if argc < 1 or len(strings) != argc + envc + 2:
        return None
    env = dict(pair.split(b"=", 1) for pair in strings[1 + argc:-1])
    return strings[1:1 + argc], env, strings[0]


class Spawner:
    """Needs a process of one thread, as it lends its own cwd, PATH and OOM score to the child."""

    def __init__(self):
        # What a child gets in place of its first three descriptors must be none of them.
        self.dev_null = -1
        while self.dev_null <= 2:
            self.dev_null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self.environ = dict(os.environb)
        self.environ.setdefault(
            b"PATH", b"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        os.environb[b"PATH"] = self.environ[b"PATH"]
        # systemd protects the agent from the OOM killer; what it runs is fair game.
        self.oom = os.open("/proc/self/oom_score_adj", os.O_RDWR | os.O_CLOEXEC)
        self.oom_score = os.read(self.oom, 16).strip()
        self.protected = int(self.oom_score) < 0
        self.zygote = Zygote("virsh", LIBRARY)
        self.native = None

    def use_library(self):
        """From now on programs start by what is compiled of spawn.c and zygote.c. Raises OSError.

        virsh starts as a copy of one that is linked already.
        """
        problem = None
        try:
            # Not before it is used: it takes a while to import.
            from native_spawn import NativeSpawn
            self.native = NativeSpawn(LIBRARY, self.environ)
        except (ImportError, AttributeError, OSError) as error:
            problem = OSError(str(error))
        self.unprotected(lambda: self.zygote.prepare(self.environ))
        if problem is not None:
            raise problem

    def spawn(self, argv, env, cwd, stdio):
        """The pid of `argv` running with the three descriptors of `stdio`; -1 is /dev/null."""
        if not argv[0]:
            raise not_started(b"", FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
        environ = {**self.environ, **env} if env else self.environ
        streams = [fd if fd >= 0 else self.dev_null for fd in stdio]
        copied = None if cwd else self.zygote.spawn(argv, env, environ, streams)
        if copied is not None:
            return copied
        if self.native is None:
            return self.posix_spawn(argv, env, environ, cwd, streams)
        try:
            return self.unprotected(lambda: self.native.spawn(argv, environ, cwd, streams))
        except OSError as error:
            if error.filename is not None:
                raise SpawnError(CANNOT_ENTER_CWD, cwd, error) from None
            raise not_started(argv[0], error) from None

    def posix_spawn(self, argv, env, environ, cwd, streams):
        """The same without a library."""
        actions = [(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate(streams)]
        if cwd:
            try:
                os.chdir(cwd)
            except OSError as error:
                raise SpawnError(CANNOT_ENTER_CWD, cwd, error) from None
        try:
            if b"PATH" in env:
                os.environb[b"PATH"] = env[b"PATH"]
            return self.unprotected(lambda: os.posix_spawnp(
                argv[0], argv, environ, file_actions=actions, setsid=True,
                setsigdef=(signal.SIGPIPE, signal.SIGXFSZ)))
        except OSError as error:
            raise not_started(argv[0], error) from None
        finally:
            if b"PATH" in env:
                os.environb[b"PATH"] = self.environ[b"PATH"]
            if cwd:
                os.chdir("/")

    def unprotected(self, start):
        """Calls `start`; what it starts is not kept from the OOM killer."""
        if not self.protected:
            return start()
        os.pwrite(self.oom, b"0", 0)
        try:
            return start()
        finally:
            os.pwrite(self.oom, self.oom_score, 0)


def not_started(name, error):
    code = NOT_FOUND if isinstance(error, FileNotFoundError) else CANNOT_EXECUTE
    return SpawnError(code, name, error)


def kill_group(pid, number):
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
