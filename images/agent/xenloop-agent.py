#!/usr/bin/python3 -ES
"""Runs commands in a dom0 for the harness at the other end of a virtio-serial port.

    xenloop-agent.py /dev/virtio-ports/xenloop.0
    xenloop-agent.py listen:PATH

With `listen:PATH` the agent plays the host's side of the port too: it serves a
unix socket at PATH, one client at a time. That is for tests.

Uses nothing outside the standard library of Python 3.9 or newer, and the files
beside it.
"""

import os
import select
import signal
import sys
import time

import builtin
from command import Command, LINGER_SECONDS, OUTBOX_LIMIT
from spawn import Spawner, SpawnError, kill_group, parse_start
from wire import (CREDIT, EXIT, HELLO, KILL, PING, PONG, START, START_DETACHED, START_MORE,
                  START_STDIN, STDERR, STDIN, STDIN_EOF, STDOUT, U32, VERSION, Wire)

READS_PER_TURN = 16
# Between SIGTERM and SIGKILL for what an earlier session left running.
LEFTOVER_GRACE_SECONDS = 1.0
# The port wakes epoll whenever something changes; where it does not, it is read after that.
IDLE_SECONDS = 5.0


class Agent:
    def __init__(self):
        self.epoll = select.epoll()
        self.handlers = {}  # file descriptor -> function
        self.wire = Wire()
        self.spawner = Spawner()
        self.port = -1
        self.port_ready = False
        self.read_at = 0.0
        self.on_hang_up = None
        self.session = None  # the client's nonce
        self.starting = {}  # stream -> the parts of a START so far
        self.commands = {}  # stream -> Command
        self.congested = []  # outputs not read because the port is full
        self.leftovers = {}  # pid -> when to send SIGKILL, or None
        wake_read, wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.watch(wake_read, select.EPOLLIN, lambda: self.reap(os.read(wake_read, 512)))

    def watch(self, fd, events, handler):
        self.handlers[fd] = handler
        self.epoll.register(fd, events)

    def unwatch(self, fd):
        del self.handlers[fd]
        self.epoll.unregister(fd)

    def run(self):
        while True:
            events = self.epoll.poll(self.wait_seconds())
            if self.port >= 0 and time.monotonic() - self.read_at >= IDLE_SECONDS:
                self.port_ready = True
            for fd, _ in events:
                # An earlier handler of this turn may have closed it.
                handler = self.handlers.get(fd)
                if handler is not None:
                    handler()
            if self.port_ready:
                self.read_port()
            self.check_deadlines()
            self.flush()

    def wait_seconds(self):
        if self.port_ready:
            return 0
        if (any(command.code is not None for command in self.commands.values())
                or any(self.leftovers.values())):
            return LINGER_SECONDS
        return IDLE_SECONDS

    def open_port(self, fd, on_hang_up):
        self.port = fd
        self.on_hang_up = on_hang_up
        self.watch(fd, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET, self.on_port)
        self.port_ready = True
        # Whoever is connected spoke to an agent that is gone, perhaps heard half a frame of it.
        self.wire.send_padding()
        self.wire.send_reset()

    def on_port(self):
        self.port_ready = True

    def read_port(self):
        """Edge-triggered, so it reads until empty; in turns, so that commands get theirs."""
        self.read_at = time.monotonic()
        for _ in range(READS_PER_TURN):
            try:
                data = os.read(self.port, 65536)
            except BlockingIOError:
                self.port_ready = False
                return
            except ConnectionError:
                data = b""
            if not data:
                # Nobody is connected. The next client wakes epoll.
                self.port_ready = False
                self.end_session()
                self.wire.forget()
                self.on_hang_up()
                return
            for frame in self.wire.feed(data):
                self.dispatch(*frame)
            self.flush()

    def flush(self):
        outbox = self.wire.outbox
        try:
            while outbox:
                del outbox[:os.write(self.port, outbox)]
        except BlockingIOError:
            pass  # a slow host, or none: the port wakes epoll
        except ConnectionError:
            outbox.clear()
            self.port_ready = True
        if self.congested and len(outbox) < OUTBOX_LIMIT:
            waiting, self.congested = self.congested, []
            for output in waiting:
                output.resume()

    def dispatch(self, kind, flags, sequence, stream, payload):
        wire = self.wire
        if kind == HELLO:
            self.hello(stream, payload)
        elif self.session is None:
            wire.send_reset()
        elif sequence != wire.received + 1:
            self.end_session()
            wire.send_reset()
        else:
            wire.received = sequence
            if kind == START:
                self.start(stream, flags, payload)
            elif kind == PING:
                wire.send(PONG, stream, payload)
            elif stream in self.commands:
                self.control(self.commands[stream], kind, flags, payload)

    def hello(self, version, nonce):
        # A client repeats its greeting until it is answered.
        if nonce != self.session:
            self.end_session()
            self.wire.restart()
            if version == VERSION:
                self.session = nonce
        self.wire.send_hello_ack(nonce)

    def end_session(self):
        self.session = None
        self.starting.clear()
        self.congested.clear()
        for command in self.commands.values():
            kill_at = None
            if not command.detached:
                # Before its input ends, lest it take half of it for the whole.
                kill_group(command.pid, signal.SIGTERM)
                kill_at = time.monotonic() + LEFTOVER_GRACE_SECONDS
            command.abandon()
            self.leftovers[command.pid] = kill_at
        self.commands.clear()
        self.reap()

    def start(self, stream, flags, payload):
        payload = self.starting.pop(stream, b"") + payload
        if flags & START_MORE:
            self.starting[stream] = payload
            return
        request = parse_start(payload)
        if request is None:
            # Its sender would wait for an end that never comes.
            self.end_session()
            self.wire.send_reset()
            return
        argv, env, _ = request
        outcome = builtin.run(argv, env, self.spawner)
        if outcome is not None:
            code, output, errors = outcome
            for kind, text in ((STDOUT, output), (STDERR, errors)):
                if text:
                    self.wire.send(kind, stream, text)
            self.wire.send(EXIT, stream, U32.pack(code))
            return
        command = Command(self, stream, bool(flags & START_DETACHED))
        try:
            command.start(self.spawner, *request, with_stdin=bool(flags & START_STDIN))
        except SpawnError as error:
            self.wire.send(STDERR, stream, error.message)
            self.wire.send(EXIT, stream, U32.pack(error.code))
            return
        self.commands[stream] = command

    def control(self, command, kind, flags, payload):
        if kind == STDIN:
            command.input.put(payload)
        elif kind == STDIN_EOF:
            command.input.end()
        elif kind == KILL:
            kill_group(command.pid, U32.unpack(payload)[0])
        elif kind == CREDIT:
            output = command.outputs[flags - 1]
            output.credit += U32.unpack(payload)[0]
            output.resume()

    def reap(self, _=None):
        for command in list(self.commands.values()):
            command.poll()
        for pid in list(self.leftovers):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self.leftovers[pid]

    def check_deadlines(self):
        for command in list(self.commands.values()):
            command.drain()
        for pid, kill_at in self.leftovers.items():
            if kill_at is not None and time.monotonic() >= kill_at:
                kill_group(pid, signal.SIGKILL)
                self.leftovers[pid] = None


def hold_console():
    """The kernel reads keys from a console that is open: with it, sysrq works over the serial line."""
    try:
        os.open("/dev/hvc0", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        pass  # not a dom0


def serve_device(agent, path):
    hold_console()
    fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    agent.open_port(fd, lambda: None)


def serve_socket(agent, path):
    import socket

    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(path)
    server.listen(4)

    def accept():
        client = server.accept()[0].detach()
        os.set_blocking(client, False)
        agent.unwatch(server.fileno())
        agent.open_port(client, lambda: hang_up(client))

    def hang_up(client):
        agent.unwatch(client)
        agent.port = -1
        os.close(client)
        agent.watch(server.fileno(), select.EPOLLIN, accept)

    agent.watch(server.fileno(), select.EPOLLIN, accept)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: xenloop-agent.py DEVICE|listen:PATH")
    agent = Agent()
    target = sys.argv[1]
    if target.startswith("listen:"):
        serve_socket(agent, target[len("listen:"):])
    else:
        serve_device(agent, target)
    os.chdir("/")
    agent.run()


if __name__ == "__main__":
    main()
