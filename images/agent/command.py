"""One running command: its pipes, its credit, its end."""

import os
import select
import time

from spawn import CANNOT_EXECUTE, SpawnError
from wire import (CREDIT, CREDIT_STDIN, EXIT, MAX_PAYLOAD, STDIN_EOF, STDOUT, U32, WINDOW)

OUTBOX_LIMIT = 256 * 1024
# How long a command's background children may keep its output open after its end.
LINGER_SECONDS = 0.1


class Output:
    """Standard output (index 0) or standard error (1) of a command."""

    def __init__(self, loop, command, index, fd):
        self.loop = loop
        self.command = command
        self.index = index
        self.fd = fd
        self.credit = WINDOW
        self.watched = False
        self.resume()

    def resume(self):
        if self.fd >= 0 and not self.watched:
            self.watched = True
            self.loop.watch(self.fd, select.EPOLLIN, self.read)

    def pause(self):
        if self.watched:
            self.watched = False
            self.loop.unwatch(self.fd)

    def read(self):
        wire = self.loop.wire
        if len(wire.outbox) >= OUTBOX_LIMIT:
            self.pause()
            self.loop.congested.append(self)
            return
        if self.credit == 0:
            self.pause()
            return
        try:
            data = os.read(self.fd, min(self.credit, MAX_PAYLOAD))
        except BlockingIOError:
            if self.command.lingered():
                self.close()
            return
        if data:
            self.credit -= len(data)
            wire.send(STDOUT + self.index, self.command.stream, data)
        else:
            self.close()

    def close(self):
        if self.fd >= 0:
            self.pause()
            os.close(self.fd)
            self.fd = -1
            self.command.finish()


class Input:
    """Standard input of a command; buffers at most one window."""

    def __init__(self, loop, stream, fd):
        self.loop = loop
        self.stream = stream
        self.fd = fd
        self.pending = bytearray()
        self.ended = False
        self.consumed = 0

    def put(self, data):
        if self.fd >= 0:
            self.pending += data
            self.write()

    def end(self):
        if self.fd >= 0:
            self.ended = True
            self.write()

    def write(self):
        try:
            while self.pending:
                count = os.write(self.fd, self.pending)
                del self.pending[:count]
                self.consumed += count
        except BlockingIOError:
            if self.fd not in self.loop.handlers:
                self.loop.watch(self.fd, select.EPOLLOUT, self.write)
        except BrokenPipeError:
            self.close()
            self.loop.wire.send(STDIN_EOF, self.stream)
            return
        if self.consumed >= WINDOW // 4:
            self.loop.wire.send(CREDIT, self.stream, U32.pack(self.consumed), CREDIT_STDIN)
            self.consumed = 0
        if not self.pending:
            if self.ended:
                self.close()
            elif self.fd in self.loop.handlers:
                self.loop.unwatch(self.fd)

    def close(self):
        if self.fd >= 0:
            if self.fd in self.loop.handlers:
                self.loop.unwatch(self.fd)
            os.close(self.fd)
            self.fd = -1
            self.pending.clear()


class Command:
    def __init__(self, loop, stream, detached):
        self.loop = loop
        self.stream = stream
        self.detached = detached
        self.pid = 0
        self.code = None
        self.ended_at = 0.0
        self.input = None
        self.outputs = ()

    def start(self, spawner, argv, env, cwd, with_stdin):
        """Raises SpawnError. A detached command has no output: nobody may be there to read it."""
        ours, theirs = [-1, -1, -1], [-1, -1, -1]
        try:
            if with_stdin:
                theirs[0], ours[0] = os.pipe()
            if not self.detached:
                ours[1], theirs[1] = os.pipe()
                ours[2], theirs[2] = os.pipe()
            self.pid = spawner.spawn(argv, env, cwd, theirs)
        except OSError as error:
            # Too many are open: this command fails, not the agent.
            close_all(ours)
            raise SpawnError(CANNOT_EXECUTE, argv[0], error) from None
        except BaseException:
            close_all(ours)
            raise
        finally:
            close_all(theirs)
        for fd in ours:
            if fd >= 0:
                os.set_blocking(fd, False)
        self.input = Input(self.loop, self.stream, ours[0])
        self.outputs = tuple(Output(self.loop, self, i, ours[i + 1]) for i in (0, 1))

    def poll(self):
        """Notes the command's end. It stays a zombie until EXIT is sent, so its pid is its own."""
        if self.code is None:
            ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None:
                killed = ended.si_code != os.CLD_EXITED
                self.code = ended.si_status + (128 if killed else 0)
                self.ended_at = time.monotonic()
                self.finish()

    def lingered(self):
        return (self.code is not None
                and time.monotonic() - self.ended_at >= LINGER_SECONDS)

    def drain(self):
        """After the linger, what is still in the pipes is all that will be sent."""
        if self.lingered():
            for output in self.outputs:
                if output.watched:
                    output.read()

    def finish(self):
        if self.code is not None and all(output.fd < 0 for output in self.outputs):
            os.waitpid(self.pid, 0)
            self.input.close()
            self.loop.commands.pop(self.stream, None)
            self.loop.wire.send(EXIT, self.stream, U32.pack(self.code))

    def abandon(self):
        """Closes the pipes; nobody is there for the rest."""
        self.input.close()
        for output in self.outputs:
            output.pause()
            if output.fd >= 0:
                os.close(output.fd)
                output.fd = -1


def close_all(fds):
    for fd in fds:
        if fd >= 0:
            os.close(fd)
