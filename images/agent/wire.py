"""Frames on the wire; harness/channel/frames.ts is the other half and has the description."""

import struct
from binascii import crc32

VERSION = 1
MAGIC = b"\xa5X"
HEADER = struct.Struct(">2sBBIII")  # magic, type, flags, sequence, stream, payload length
CHECK = struct.Struct(">I")  # crc32 of the header
HEADER_BYTES = HEADER.size + CHECK.size
# One write to a virtio port moves at most 32 KiB: a frame fits into one.
MAX_PAYLOAD = 32 * 1024 - HEADER_BYTES
# Bytes in flight that the sender of a stream may not exceed without new credit.
WINDOW = 1024 * 1024

HELLO, HELLO_ACK, RESET, START, STDIN, STDIN_EOF = 1, 2, 3, 4, 5, 6
STDOUT, STDERR, EXIT, KILL, CREDIT, PING, PONG = 7, 8, 9, 10, 11, 12, 13

START_STDIN, START_DETACHED, START_MORE = 1, 2, 4
CREDIT_STDIN, CREDIT_STDOUT, CREDIT_STDERR = 0, 1, 2

U32 = struct.Struct(">I")


class Wire:
    """Turns bytes into frames and frames into bytes; does no input or output."""

    def __init__(self):
        self.inbox = bytearray()
        self.outbox = bytearray()
        self.sent = self.received = 0

    def forget(self):
        self.inbox.clear()
        self.outbox.clear()

    def restart(self):
        """A new session counts its frames from one again."""
        self.outbox.clear()
        self.sent = self.received = 0

    def feed(self, data):
        """Yields (type, flags, sequence, stream, payload), skipping what is no frame."""
        inbox, position = self.inbox, 0
        inbox += data
        while len(inbox) - position >= HEADER_BYTES:
            magic, kind, flags, sequence, stream, length = HEADER.unpack_from(inbox, position)
            header_end = position + HEADER.size
            if (magic != MAGIC or length > MAX_PAYLOAD or
                    CHECK.unpack_from(inbox, header_end)[0] != crc32(inbox[position:header_end])):
                found = inbox.find(MAGIC, position + 1)
                position = found if found >= 0 else len(inbox) - 1
                continue
            body = position + HEADER_BYTES
            if len(inbox) - body < length:
                break
            position = body + length
            yield kind, flags, sequence, stream, bytes(inbox[body:position])
        del inbox[:position]

    def send(self, kind, stream=0, payload=b"", flags=0):
        self.sent += 1
        self._put(kind, flags, self.sent, stream, payload)

    def send_reset(self):
        self._put(RESET, 0, 0, 0, b"")

    def send_hello_ack(self, nonce):
        self._put(HELLO_ACK, 0, 0, VERSION, nonce)

    def send_padding(self):
        """Completes the half frame that a dead agent may have left on the line."""
        self.outbox += bytes(HEADER_BYTES + MAX_PAYLOAD)

    def _put(self, kind, flags, sequence, stream, payload):
        header = HEADER.pack(MAGIC, kind, flags, sequence, stream, len(payload))
        self.outbox += header
        self.outbox += CHECK.pack(crc32(header))
        self.outbox += payload
