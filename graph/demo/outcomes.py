"""How a request can end, as both proxies would label it.

An outcome is written ``CODE`` or ``CODE/FLAGS``: "404", "503/UF", "200/DI". On gRPC calls the
code is the gRPC status ("14", "14/UF"), because Istio answers HTTP 200 even when the call failed.
"""

from dataclasses import dataclass
from typing import Literal

Protocol = Literal["http", "grpc", "tcp"]

NO_FLAGS = "-"
# Envoy sets these before it has a connection, so the server's proxy never sees the request.
UNREACHED_FLAGS = frozenset({"UH", "UF", "UO", "NR", "FI"})
# Set by the client's proxy on requests that the server answers normally (an injected delay).
DELAY_FLAG = "DI"
KNOWN_FLAGS = UNREACHED_FLAGS | {DELAY_FLAG, NO_FLAGS}

GRPC_STATUSES = frozenset(str(status) for status in range(17))


class OutcomeError(ValueError):
    """The text does not name an outcome of this protocol."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a request ends: Istio's codes and flags, and whether the server took part."""

    protocol: Protocol
    code: str
    grpc_status: str
    client_flags: str
    reached: bool
    error: bool

    @property
    def server_flags(self) -> str:
        """The flags in the server proxy's report, which knows nothing of the client's trouble."""
        return NO_FLAGS

    @property
    def delayed(self) -> bool:
        """True when the client's proxy held the request back first (fault injection)."""
        return self.client_flags == DELAY_FLAG


def parse_outcome(protocol: Protocol, text: str) -> Outcome:
    """Return the outcome that ``text`` names on a call of this protocol."""
    code, _, flags = text.partition("/")
    flags = flags or NO_FLAGS
    if flags not in KNOWN_FLAGS:
        raise OutcomeError(f"unknown flag {flags!r}, one of {' '.join(sorted(KNOWN_FLAGS))} needed")
    if protocol == "tcp":
        raise OutcomeError("a TCP call has no response codes")
    reached = flags not in UNREACHED_FLAGS
    if protocol == "grpc":
        if code not in GRPC_STATUSES:
            raise OutcomeError(f"{code!r} is not a gRPC status, 0 to 16 needed")
        return Outcome("grpc", "200", code, flags, reached, code != "0")
    if code != "0" and not (code.isdecimal() and 100 <= int(code) <= 599):
        raise OutcomeError(f"{code!r} is not an HTTP status, 100 to 599 or 0 needed")
    return Outcome("http", code, "", flags, reached, code == "0" or int(code) >= 500)


def normal(protocol: Protocol) -> Outcome:
    """Return the outcome of a request with which nothing is wrong."""
    if protocol == "tcp":
        return Outcome("tcp", "", "", NO_FLAGS, reached=True, error=False)
    return parse_outcome(protocol, "200" if protocol == "http" else "0")


def failed_inside(protocol: Protocol) -> Outcome:
    """Return the answer of a server that could not do its work because a call of its own failed."""
    return parse_outcome(protocol, "500" if protocol == "http" else "13")
