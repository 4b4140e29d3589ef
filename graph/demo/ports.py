"""Ports of this machine: whether one can be had, and which is free instead."""

import socket

from graph.demo.fleet import HOST
from graph.demo.prometheus import free_port


class DemoError(RuntimeError):
    """The demo cannot start; the message says what to do."""


def take(port: int, option: str, who: str) -> int:
    """Return the port if nobody listens on it, else say which one is free."""
    with socket.socket() as probe:
        # As servers do: a port that only has old connections in their last minute is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} for {who} cannot be had ({error.strerror}). Stop what uses it, or "
                f"choose another: {option} {_free_near(port)} is free."
            ) from error
    return port


def _free_near(port: int) -> int:
    """Return a free port, one of the next few if possible: those are easy to remember."""
    for near in range(port + 1, min(port + 50, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, near)) != 0:
                return near
    return free_port()
