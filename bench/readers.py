"""Thousands of websocket readers in one thread: the client side of a crowd, as cheap as it gets.

A websocket library would spend on two thousand times 50 kB a second what the server is measured
for. These readers know just enough: a handshake, frames of a server (never masked, never split),
and where in a frame its kind and number are.
"""

import base64
import os
import re
import resource
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_CHUNK = 262_144
_HEAD = 160  # kind, epoch and number stand at the beginning of a frame
_KIND = re.compile(rb'^\{"type":"(\w+)"')
_SEQ = re.compile(rb'"seq":(\d+)')
_CLOSE, _PING = 8, 9
_BUFFER = bytearray(_CHUNK)
_VIEW = memoryview(_BUFFER)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame that one reader had completely at ``moment`` (of the monotonic clock)."""

    reader: int
    kind: str
    seq: int | None
    size: int
    moment: float


@dataclass(slots=True)
class Reader:
    """One connection: what is being read, and how it ended."""

    number: int
    socket: socket.socket
    opened: bool = False
    # The HTTP status of a refused handshake, the close code of an ended websocket; 0 for neither.
    refused: int = 0
    closed: int = 0
    answer: bytearray = field(default_factory=bytearray)
    # Of the frame that is being read: what is still to come, and how it begins.
    header: bytearray = field(default_factory=bytearray)
    left: int = 0
    size: int = 0
    opcode: int = 0
    head: bytearray = field(default_factory=bytearray)


class Readers:
    """Connections to one server and what arrives on them, read while `read_for` runs."""

    def __init__(self, port: int, path: str = "/ws/graph", receive_buffer: int = 0) -> None:
        self._port = port
        self._path = path
        self._receive_buffer = receive_buffer
        self._epoll = select.epoll()
        self._by_file: dict[int, Reader] = {}
        self._numbers = 0
        _allow_files()
        self.arrivals: list[Arrival] = []
        self.ended: list[Reader] = []

    @property
    def open(self) -> int:
        """How many have an accepted websocket."""
        return sum(reader.opened for reader in self._by_file.values())

    def __len__(self) -> int:
        return len(self._by_file)

    def connect(self, count: int, over_s: float = 0.0) -> None:
        """Open connections, spread over a time, reading all the while."""
        began = time.monotonic()
        for n in range(count):
            self._connect()
            due = began + over_s * (n + 1) / count
            self.read_for(max(0.0, due - time.monotonic()))

    def wait_open(self, count: int, timeout_s: float) -> None:
        """Read until so many are open; RuntimeError when they never are."""
        self.read_for(timeout_s, lambda: self.open >= count)
        if self.open < count:
            raise RuntimeError(f"{self.open} of {count} websockets within {timeout_s:g} s")

    def read_for(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Read whatever arrives for a time, or until it is enough."""
        deadline = time.monotonic() + seconds
        while not enough():
            left = deadline - time.monotonic()
            for file, _ in self._epoll.poll(max(0.0, min(left, 0.05))):
                self._receive(self._by_file[file])
            if left <= 0:
                return

    def drop(self, count: int | None = None) -> None:
        """Hang up on the server without a word, as a lost network does; all by default."""
        for reader in list(self._by_file.values())[:count]:
            self._forget(reader)

    def close(self) -> None:
        self.drop()
        self._epoll.close()

    def _connect(self) -> None:
        client = socket.socket()
        if self._receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        try:
            client.connect(("127.0.0.1", self._port))
        except OSError:
            client.close()
            raise
        key = base64.b64encode(os.urandom(16)).decode()
        client.sendall(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        client.setblocking(False)
        self._by_file[client.fileno()] = Reader(self._numbers, client)
        self._epoll.register(client.fileno(), select.EPOLLIN)
        self._numbers += 1

    def _receive(self, reader: Reader) -> None:
        try:
            got = reader.socket.recv_into(_BUFFER)
        except BlockingIOError:
            return
        except OSError:
            got = 0
        if not got:
            self._end(reader)
            return
        self._take(reader, _VIEW[:got])

    def _take(self, reader: Reader, data: memoryview) -> None:
        if not reader.opened:
            data = self._handshake(reader, data)
        while len(data):
            if reader.left == 0:
                data = self._begin(reader, data)
                continue
            if len(reader.head) < _HEAD:
                reader.head += data[: min(_HEAD - len(reader.head), reader.left)]
            taken = min(reader.left, len(data))
            reader.left -= taken
            data = data[taken:]
            if reader.left == 0:
                self._arrived(reader)

    def _handshake(self, reader: Reader, data: memoryview) -> memoryview:
        reader.answer += data
        head, end, rest = bytes(reader.answer).partition(b"\r\n\r\n")
        if not end:
            return data[:0]
        status = int(head.split(b" ", 2)[1])
        if status == 101:
            reader.opened = True
            return memoryview(rest)
        reader.refused = status
        self._end(reader)
        return data[:0]

    def _begin(self, reader: Reader, data: memoryview) -> memoryview:
        """Read a frame's header, which may come in pieces."""
        header = reader.header
        while True:
            short = len(header) < 2
            length = 0 if short else header[1] & 0x7F
            wanted = 2 if short else {126: 4, 127: 10}.get(length, 2)
            if not short and len(header) == wanted:
                break
            if not len(data):
                return data
            missing = wanted - len(header)
            header += data[:missing]
            data = data[missing:]
        reader.opcode = header[0] & 0x0F
        reader.size = length if wanted == 2 else int.from_bytes(header[2:wanted], "big")
        reader.left = reader.size
        reader.header = bytearray()
        reader.head = bytearray()
        if reader.left == 0:
            self._arrived(reader)
        return data

    def _arrived(self, reader: Reader) -> None:
        now = time.monotonic()
        head = bytes(reader.head)
        if reader.opcode == _CLOSE:
            reader.closed = int.from_bytes(head[:2], "big")
        elif reader.opcode == _PING:
            # Masked with zeros, which is a mask too.
            reader.socket.send(bytes([0x8A, 0x80 | len(head)]) + bytes(4) + head)
        elif kind := _KIND.match(head):
            seq = _SEQ.search(head)
            number = int(seq[1]) if seq else None
            said = kind[1].decode()
            self.arrivals.append(Arrival(reader.number, said, number, reader.size, now))

    def _end(self, reader: Reader) -> None:
        if reader.socket.fileno() in self._by_file:
            self.ended.append(reader)
            self._forget(reader)

    def _forget(self, reader: Reader) -> None:
        file = reader.socket.fileno()
        self._epoll.unregister(file)
        del self._by_file[file]
        reader.socket.close()


def _allow_files() -> None:
    """Raise the limit of open files, which many systems set to a thousand, as far as we may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
