"""What no well-behaved client would send: bytes on a socket."""

import contextlib
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from tests.served import PATIENCE_S, Served

# The same in every traceback; a server under attack writes none.
TRACEBACK = "Traceback (most recent call last)"


def dial(served: Served) -> socket.socket:
    """Return a connection."""
    return socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S)


def heard(served: Served, *pieces: bytes) -> bytes:
    """Send pieces and return all that comes back until the server closes or says no more."""
    with dial(served) as connection:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
        return rest(connection)


def rest(connection: socket.socket, quiet_s: float = 2.0) -> bytes:
    """Return what still comes; empty-handed if the connection was cut. Less after a handshake."""
    told = b""
    while not told.startswith(b"HTTP/1.1 101"):
        if not select.select([connection], [], [], quiet_s)[0]:
            break
        try:
            chunk = connection.recv(65536)
        except ConnectionError:
            break
        if not chunk:
            break
        told += chunk
    return told


def status_of(answer: bytes) -> int | None:
    """Return the status of an answer, None if there is none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else None


def is_over(connection: socket.socket) -> bool:
    """Return whether the server has ended a connection; what it has said is thrown away."""
    while select.select([connection], [], [], 0)[0]:
        try:
            if not connection.recv(65536):
                return True
        except ConnectionError:
            return True
    return False


def memory_mb(served: Served) -> float:
    """Return the server's resident memory."""
    text = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def turned_away(served: Served, reason: str) -> float:
    """Return how many the server says it did not serve for this reason."""
    return metric(served, f'meshviz_turned_away_total{{reason="{reason}"}}')


def metric(served: Served, name: str) -> float:
    text = served.get("/metrics").text
    return float(next(line for line in text.splitlines() if line.startswith(name)).split()[1])


def frames_go_on(served: Served) -> None:
    """Assert that an ordinary viewer is served."""
    with served.watch() as viewer:
        viewer.next("snapshot")
        viewer.next("delta", "status")


@contextlib.contextmanager
def calm(served: Served) -> Iterator[None]:
    """Assert that the server is not surprised by what happens meanwhile."""
    before = len(served.log)
    yield
    assert TRACEBACK not in served.log[before:], served.log[before:][-4000:]


def pause(seconds: float) -> None:
    """Let time pass, where the passing of time is the attack."""
    time.sleep(seconds)
