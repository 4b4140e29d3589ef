"""How a request can end, as both proxies would label it.

An outcome is written ``CODE`` or ``CODE/FLAGS``: "404", "503/UF", "200/DI". On gRPC calls the
code is the gRPC status ("14", "14/UF"), because Istio answers HTTP 200 even when the call failed;
on TCP calls there are flags only ("UF"). A code behind "=" is written as it stands ("=2xx"), as
old or customised proxies do.
"""

from dataclasses import dataclass
from typing import Literal

Protocol = Literal["http", "grpc", "tcp"]

NO_FLAGS = "-"
# Envoy sets these before it has a connection, so the server's proxy never sees the request.
UNREACHED_FLAGS = frozenset({"UH", "UF", "UO", "NR", "NC", "FI"})
# What a ztunnel says of a connection that it could not make or would not let through.
ZTUNNEL_FLAGS = frozenset(
    {
        *("CONNECT", "DENY", "TLS_FAILURE", "H2_HANDSHAKE_FAILURE"),
        *("NETWORK_POLICY", "IDENTITY_ERROR", "CERT_REVOKED"),
    }
)
# Set by the client's proxy on requests that the server answers normally (an injected delay).
DELAY_FLAG = "DI"
# The client's proxy waited no longer: the server's proxy sees its client leave.
TIMEOUT_FLAG = "UT"
# The caller left, or the server broke the connection: both proxies see it.
SHARED_FLAGS = frozenset({"DC", "UC"})
# Decided by the server's proxy, which alone writes the flag.
SERVER_FLAGS = frozenset({"RL", "RLSE", "UAEX", "IH"})
CLIENT_FLAGS = frozenset({DELAY_FLAG, TIMEOUT_FLAG, "URX", "LR", "UR", "LH", "SI", "OM", "DPE"})
KNOWN_FLAGS = (
    UNREACHED_FLAGS | ZTUNNEL_FLAGS | SHARED_FLAGS | SERVER_FLAGS | CLIENT_FLAGS | {NO_FLAGS}
)
_AS_IT_STANDS = "="

GRPC_STATUSES = frozenset(str(status) for status in range(17))


class OutcomeError(ValueError):
    """The text does not name an outcome of this protocol."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one proxy writes of an outcome."""

    code: str
    grpc_status: str
    flags: str


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
    def client(self) -> Told:
        """What the client's proxy writes."""
        hidden = self.client_flags in SERVER_FLAGS
        return Told(self.code, self.grpc_status, NO_FLAGS if hidden else self.client_flags)

    @property
    def server(self) -> Told:
        """What the server's proxy writes, which knows nothing of the client's trouble."""
        if self.timed_out:
            return Told("0", "2" if self.protocol == "grpc" else "", "DC")
        return Told(self.code, self.grpc_status, self.server_flags)

    @property
    def server_flags(self) -> str:
        """The flags in the server proxy's report."""
        if self.timed_out:
            return "DC"
        if self.client_flags in SHARED_FLAGS | SERVER_FLAGS or self.denied:
            return self.client_flags
        return NO_FLAGS

    @property
    def delayed(self) -> bool:
        """True when the client's proxy held the request back first (fault injection)."""
        return self.client_flags == DELAY_FLAG

    @property
    def timed_out(self) -> bool:
        """True when the client's proxy gave up waiting."""
        return self.client_flags == TIMEOUT_FLAG

    @property
    def denied(self) -> bool:
        """True when the server's ztunnel refused the connection, and counts that."""
        return self.client_flags == "DENY"


def parse_outcome(protocol: Protocol, text: str) -> Outcome:
    """Return the outcome that ``text`` names on a call of this protocol."""
    if protocol == "tcp":
        return _tcp(text)
    code, _, flags = text.partition("/")
    flags = flags or NO_FLAGS
    reached = _reached(flags)
    if code.startswith(_AS_IT_STANDS):
        return Outcome(protocol, code.removeprefix(_AS_IT_STANDS), "", flags, reached, error=False)
    if protocol == "grpc":
        if code not in GRPC_STATUSES:
            raise OutcomeError(f"{code!r} is not a gRPC status, 0 to 16 needed")
        # A stream that was reset has no HTTP status.
        http = "0" if flags == "DC" else "200"
        return Outcome("grpc", http, code, flags, reached, code != "0")
    if code != "0" and not (code.isdecimal() and 100 <= int(code) <= 599):
        raise OutcomeError(f"{code!r} is not an HTTP status, 100 to 599 or 0 needed")
    return Outcome("http", code, "", flags, reached, code == "0" or int(code) >= 500)


def _tcp(text: str) -> Outcome:
    if text[:1].isdecimal():
        raise OutcomeError("a TCP call has no response codes")
    reached = _reached(text)
    return Outcome("tcp", "", "", text, reached, error=not reached)


def _reached(flags: str) -> bool:
    """Return whether a server took part; raise OutcomeError for a flag that Istio does not have."""
    parts = frozenset(flags.split(","))
    unknown = sorted(parts - KNOWN_FLAGS)
    if unknown:
        known = " ".join(sorted(KNOWN_FLAGS))
        raise OutcomeError(f"unknown flag {unknown[0]!r}, one of {known} needed")
    return not parts & (UNREACHED_FLAGS | ZTUNNEL_FLAGS)


def normal(protocol: Protocol) -> Outcome:
    """Return the outcome of a request with which nothing is wrong."""
    if protocol == "tcp":
        return Outcome("tcp", "", "", NO_FLAGS, reached=True, error=False)
    return parse_outcome(protocol, "200" if protocol == "http" else "0")


def failed_inside(protocol: Protocol) -> Outcome:
    """Return the answer of a server that could not do its work because a call of its own failed."""
    return parse_outcome(protocol, "500" if protocol == "http" else "13")


def over_ztunnel(outcome: Outcome) -> Outcome:
    """Return what a ztunnel makes of it: it sees connections, not requests."""
    if outcome.reached or outcome.protocol == "tcp":
        return normal("tcp") if outcome.reached else outcome
    return parse_outcome("tcp", "CONNECT")
