"""Websocket frames as no library would send them."""

import base64
import os
import random
import socket
import struct

from tests.attack.raw import dial, status_of
from tests.served import Served

TEXT, BINARY, CLOSE, PING, PONG, CONTINUED = 1, 2, 8, 9, 10, 0


def shake_hands(served: Served, query: str = "") -> socket.socket:
    """Return a connection that has just become a websocket; what it was sent is thrown away."""
    connection = dial(served)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /ws/graph?{query} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    told = b""
    while b"\r\n\r\n" not in told:
        told += connection.recv(65536) or b"HTTP/1.1 0 closed\r\n\r\n"
    assert status_of(told) == 101
    return connection


def frame(
    payload: bytes,
    opcode: int = TEXT,
    *,
    final: bool = True,
    masked: bool = True,
    reserved: int = 0,
    length: int | None = None,
) -> bytes:
    """Return a frame, as good or bad as it is asked for; ``length`` is what it claims to hold."""
    first = (0x80 if final else 0) | reserved << 4 | opcode
    claimed = len(payload) if length is None else length
    mask = b"\x11\x22\x33\x44" if masked else b""
    flag = 0x80 if masked else 0
    if claimed < 126:
        head = struct.pack("!BB", first, flag | claimed)
    elif claimed < 65536:
        head = struct.pack("!BBH", first, flag | 126, claimed)
    else:
        head = struct.pack("!BBQ", first, flag | 127, claimed)
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)) if masked else payload
    return head + mask + body


GOOD = (
    b'{"type": "resync"}',
    b'{"type": "view", "graph_type": "app", "window": "1m", "namespaces": []}',
    b'{"type": "view", "graph_type": "workload", "window": "5m", "namespaces": ["shop"],'
    b' "perspective": "client", "idle": true, "waypoints": false, "operations": true,'
    b' "collapsed": ["bookinfo"]}',
)
# What may stand in the place of a value.
ODD = (
    *(b"null", b"true", b"-1", b"1e999", b"9" * 400, b'""', b"[]", b"{}", b"[" * 500 + b"]" * 500),
    *(b'"\\u0000"', b'"\\ud800"', b'"' + b"x" * 3000 + b'"', b'["a", 1, null]', b'"__proto__"'),
    *(b'"5m\\n"', b'["\\u202e", "a\\"} or up{a=\\""]', b'["' + b'", "'.join([b"n"] * 200) + b'"]'),
)


def message(chance: random.Random) -> bytes:
    """Return a good message, or one that was good before something happened to it."""
    text = chance.choice(GOOD)
    match chance.randrange(6):
        case 0:
            return text
        case 1:  # a value becomes another
            head, colon, tail = text.partition(chance.choice([b": ", b', "']))
            return head + colon + chance.choice(ODD) + tail[chance.randrange(len(tail) + 1) :]
        case 2:  # bytes change
            changed = bytearray(text)
            for _ in range(chance.randrange(1, 6)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            return bytes(changed)
        case 3:  # a piece is lost
            return text[: chance.randrange(len(text))]
        case 4:  # a piece comes twice
            at = chance.randrange(len(text))
            return text[:at] + text[at // 2 :]
        case _:
            return chance.choice(ODD)


def bytes_of(chance: random.Random) -> bytes:
    """Return one to three frames, most of them against some rule."""
    said = message(chance)
    match chance.randrange(12):
        case 0:
            return frame(said)
        case 1:
            return frame(said, BINARY)
        case 2:
            return frame(said[:5], final=False) + frame(said[5:], CONTINUED)
        case 3:
            return frame(said[:5], final=False) + frame(b"ping", PING) + frame(said[5:], CONTINUED)
        case 4:
            return frame(said, masked=False)
        case 5:
            return frame(said, chance.choice([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]))
        case 6:
            return frame(said, reserved=chance.randrange(1, 8))
        case 7:
            return frame(said, length=chance.choice([0, 4097, 65535, 65536, 2**62, 2**63 + 1]))
        case 8:
            return frame(said[:125], chance.choice([CLOSE, PING, PONG]))
        case 9:
            return frame(b"x" * 200, chance.choice([CLOSE, PING])) + frame(said)
        case 10:
            return frame(said, CONTINUED)
        case _:
            return chance.randbytes(chance.randrange(1, 300))
