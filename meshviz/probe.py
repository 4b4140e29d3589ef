"""Exits with 0 when this container's process is well, with 1 and one line when it is not.

    python -m meshviz.probe healthz      it is alive
    python -m meshviz.probe readyz       it can do its work

For health checks that run in the container, where nothing may ask from outside. One is started
every few seconds: it imports neither Django nor an HTTP client.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping

_PATIENCE_S = 4.0
_MOST_BYTES = 4096
# What listens everywhere, listens to this machine.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared with, not bound to

USAGE = "usage: python -m meshviz.probe healthz|readyz"


class Unwell(Exception):
    """``str()`` says what is wrong."""


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Return the exit code for what is asked, and say what is wrong."""
    try:
        match arguments:
            case ["healthz" | "readyz" as path]:
                ask(*address_in(environ), f"/{path}")
            case _:
                sys.stderr.write(f"{USAGE}\n")
                return 2
    except Unwell as unwell:
        sys.stderr.write(f"{unwell}\n")
        return 1
    return 0


def address_in(environ: Mapping[str, str]) -> tuple[str, int]:
    """Return where a process with this environment answers: its operations port if it has one."""
    text = environ.get("MESHVIZ_OPERATIONS_ADDRESS", "").strip()
    if text:
        host, _, port = text.rpartition(":")
    else:
        host = environ.get("MESHVIZ_HOST", "").strip() or "127.0.0.1"
        port = environ.get("MESHVIZ_PORT", "").strip() or "8000"
    host = host.strip("[]")
    return _EVERYWHERE.get(host, host), int(port)


def ask(host: str, port: int, path: str) -> None:
    """Raise Unwell unless the answer is 200."""
    # By 1.0 the other side closes when it has answered.
    request = f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n"
    try:
        with socket.create_connection((host, port), _PATIENCE_S) as connection:
            connection.sendall(request.encode())
            answer = _read(connection, time.monotonic() + _PATIENCE_S)
    except OSError as error:
        raise Unwell(f"{path}: no answer from {host} port {port}: {error}") from None
    head, _, body = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    words = head.split(maxsplit=2)
    if len(words) < 2 or words[1] != "200":
        said = body.strip() or head.partition("\r\n")[0]
        raise Unwell(f"{path}: {said}" if said else f"{path}: an empty answer")


def _read(connection: socket.socket, deadline: float) -> bytes:
    """Return the start of what comes before the other side closes or time is up."""
    answer = b""
    while len(answer) < _MOST_BYTES and (left_s := deadline - time.monotonic()) > 0:
        connection.settimeout(left_s)
        received = connection.recv(_MOST_BYTES)
        if not received:
            break
        answer += received
    return answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
