"""Clients that take their time hold a connection for seconds, and nobody else up."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from meshviz import deadline
from tests.attack.raw import dial, frames_go_on, is_over, pause, rest, status_of, turned_away
from tests.served import Served

HEAD = b"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = HEAD.replace(b"GET", b"POST") + b"Content-Length: 4096\r\n\r\n"
LATEST_S = max(deadline.HEAD_S, deadline.BODY_S) + 5


class Dribble:
    """A client that sends a byte whenever it is asked to, as long as the server lets it."""

    def __init__(self, connection: socket.socket, first: bytes, byte: bytes) -> None:
        self.connection = connection
        self._byte = byte
        connection.sendall(first)

    def go_on(self) -> bool:
        """Return whether the server still listens."""
        if is_over(self.connection):
            return False
        try:
            self.connection.sendall(self._byte)
        except ConnectionError:
            return False
        return True


@pytest.fixture
def dribbles(served: Served) -> Iterator[dict[str, Dribble]]:
    with ExitStack() as stack:

        def made(first: bytes, byte: bytes) -> Dribble:
            return Dribble(stack.enter_context(dial(served)), first, byte)

        whole = HEAD + b"\r\n"
        kept = made(whole, b"\r\n")
        assert status_of(rest(kept.connection, 1.0)) == 200
        yield {
            "says nothing": made(b"", b""),
            "half a request line": made(b"GET /api", b"a"),
            "headers without end": made(HEAD, b"X-A: b\r\n"),
            "one header without end": made(HEAD + b"X-A: ", b"b"),
            "body without end": made(POST, b"x"),
            "chunks without end": made(
                HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n",
                b"1\r\nx\r\n",
            ),
            "empty lines after an answer": kept,
            "a second request after an answer": made(whole + b"GET /ap", b"i"),
            "half a handshake": made(HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"X"),
        }


def test_no_dribble_holds_a_connection_and_nobody_else_is_held_up(
    served: Served, dribbles: dict[str, Dribble]
) -> None:
    slow_before = turned_away(served, "slow")
    left = dict(dribbles)
    for _ in range(int(LATEST_S / 0.5)):
        left = {name: one for name, one in left.items() if one.go_on()}
        if not left:
            break
        pause(0.5)
        assert served.get("/healthz").status_code == 200
    else:
        pytest.fail(f"still open: {', '.join(left)}")

    assert turned_away(served, "slow") - slow_before >= len(dribbles) - 2
    frames_go_on(served)
