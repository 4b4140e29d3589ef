"""Sockets to listen on, and what to do when an address cannot be had."""

import errno
import socket
from dataclasses import dataclass

# Frees a client that neither reads nor closes (a sleeping laptop): without it uvicorn waits for
# ever to hand over what it has buffered for that client.
_PEER_TIMEOUT_MS = 30_000


class CannotListen(Exception):
    """The address cannot be had. ``str()`` says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address to listen on, and what people change to have another one."""

    host: str
    port: int
    host_option: str
    port_option: str
    # How the option for a port is written: "--port 8001".
    port_example: str

    def __str__(self) -> str:
        return f"port {self.port} of {self.host}"


def main_place(host: str, port: int) -> Place:
    """Return where the page is."""
    return Place(host, port, "--host", "--port", "--port {port}")


def operations_place(host: str, port: int) -> Place:
    """Return where probes and scrapes are answered."""
    name = "MESHVIZ_OPERATIONS_ADDRESS"
    shown = f"[{host}]" if ":" in host else host
    return Place(host, port, name, name, f"{name}={shown}:{{port}}")


def listen(place: Place) -> socket.socket:
    """Return a listening socket; raise CannotListen with advice."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
    except OSError as error:
        raise CannotListen(_advice(error, place)) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _PEER_TIMEOUT_MS)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotListen(_advice(error, place)) from None
    return listener


def address_of(listener: socket.socket) -> str:
    """Return where a socket listens, as an http address without a path."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def port_of(listener: socket.socket) -> int:
    """Return the port that a socket listens on, which the system may have chosen."""
    port: int = listener.getsockname()[1]
    return port


def _advice(error: OSError, place: Place) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            another = place.port_example.format(port=_other_port(place.port))
            return (
                f"Cannot listen on {place}: something else does already. Stop it, or choose "
                f"another port: {another}, or 0 for any free one."
            )
        case errno.EACCES:
            return (
                f"Cannot listen on {place}: not permitted. Choose a port above 1023 "
                f"({place.port_option})."
            )
        case errno.EADDRNOTAVAIL | socket.EAI_NONAME:
            return (
                f"Cannot listen on {place}: this machine has no such address. Choose another "
                f"({place.host_option}), such as 127.0.0.1, or 0.0.0.0 for every network interface."
            )
    options = ", ".join(dict.fromkeys((place.host_option, place.port_option)))
    return f"Cannot listen on {place}: {error.strerror or error}. Choose another ({options})."


def _other_port(port: int) -> int:
    return port + 1 if port < 65535 else 8000
