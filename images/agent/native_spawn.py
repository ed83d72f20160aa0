"""Starts programs by spawn.c, which makes fewer system calls than posix_spawn."""

import ctypes
import os

AT_DIRECTORY = 1
STREAMS = ctypes.c_int * 3


class Failure(ctypes.Structure):
    _fields_ = [("step", ctypes.c_int), ("error", ctypes.c_int)]


class NativeSpawn:
    def __init__(self, library, environ):
        """Raises OSError where the library cannot be loaded."""
        self.function = ctypes.CDLL(library).xenloop_spawn
        self.environ = environ
        self.strings = environment(environ)

    def spawn(self, argv, environ, cwd, streams):
        """The child's pid. Raises OSError, with `filename` where it is the directory."""
        strings = self.strings if environ is self.environ else environment(environ)
        failure = Failure()
        pid = self.function(
            array(candidates(argv[0], environ)), array(argv), strings,
            ctypes.c_char_p(cwd or None), STREAMS(*streams), ctypes.byref(failure))
        if pid > 0:
            return pid
        if pid < 0:
            os.waitpid(-pid, 0)
        where = [cwd] if failure.step == AT_DIRECTORY else []
        raise OSError(failure.error, os.strerror(failure.error), *where)


def candidates(name, environ):
    if b"/" in name:
        return [name]
    return [os.path.join(folder, name) for folder in environ[b"PATH"].split(b":")]


def environment(environ):
    return array([b"%s=%s" % pair for pair in environ.items()])


def array(strings):
    return (ctypes.c_char_p * (len(strings) + 1))(*strings, None)
