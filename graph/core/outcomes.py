"""What a response means: its code to show, whether it failed, whether the server ever saw it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from graph.core.wire import Protocol, Response


class Outcome(NamedTuple):
    """How requests ended. ``flags`` is "" where Envoy writes "-"."""

    code: str
    grpc_status: str
    flags: str


# Flags of answers that the calling proxy made up itself, so that no server-side proxy counts them.
# https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
NEVER_REACHED = frozenset(
    {
        "UF",  # upstream connection failure
        "UH",  # no healthy upstream
        "UO",  # circuit breaker open
        "NR",  # no route
        "NC",  # no cluster
        "FI",  # fault injected: abort
        "RL",  # rate limited by the caller's proxy
        "RLSE",  # rate limit service error
        "UAEX",  # denied by external authorization at the caller
        "IH",  # invalid header value, rejected by the caller
        "LH",  # local health check failed
        "DPE",  # downstream protocol error
        "OM",  # overload manager
        "DF",  # DNS resolution failure
        "CONNECT",  # a ztunnel could not connect
    }
)

NO_RESPONSE = "0"
# What is shown where there is no code at all, as on TCP connections.
NO_CODE = "-"

# Flags of TCP connections that failed rather than ended: what never reached a server, and what
# ztunnels say (istio/ztunnel, src/proxy/metrics.rs).
FAILED_CONNECTION = NEVER_REACHED | {
    "UC",  # connection to the upstream terminated
    "UR",  # upstream reset
    "URX",  # too many connect attempts
    "UT",  # no answer in time
    "DENY",  # refused by policy
    "TLS_FAILURE",
    "H2_HANDSHAKE_FAILURE",
    "NETWORK_POLICY",
    "IDENTITY_ERROR",
    "CERT_REVOKED",
}


# The outcomes of a mesh are few, and each is asked about for every edge at every tick.
_once = lru_cache(maxsize=4096)


@_once
def never_reached(outcome: Outcome) -> bool:
    """Tell whether a source-reported outcome ended before the server's proxy."""
    return bool(outcome.flags) and not NEVER_REACHED.isdisjoint(outcome.flags.split(","))


@_once
def shown_code(outcome: Outcome, protocol: Protocol) -> str:
    """Return the gRPC status where it is the one that counts, else the HTTP status."""
    if protocol == "tcp":
        return NO_CODE
    if protocol != "grpc" or not outcome.grpc_status or outcome.code[:1] in ("4", "5"):
        return outcome.code
    return outcome.grpc_status


@_once
def is_error(outcome: Outcome, protocol: Protocol) -> bool:
    """Tell whether the request failed: HTTP 5xx, no response, or a gRPC status other than OK.

    A TCP connection failed when Envoy's flags say so; most end without any.
    """
    if protocol == "tcp":
        return not FAILED_CONNECTION.isdisjoint(outcome.flags.split(","))
    if protocol == "grpc" and outcome.grpc_status:
        return outcome.grpc_status != "0" or _is_server_error(outcome.code)
    return outcome.code == NO_RESPONSE or _is_server_error(outcome.code)


@_once
def is_client_error(outcome: Outcome, protocol: Protocol) -> bool:
    """Tell whether the caller is to blame: HTTP 4xx, which a proxy may also answer to gRPC.

    Where gRPC has a status of its own, that says whether the request failed.
    """
    if protocol == "tcp" or len(outcome.code) != 3 or outcome.code[0] != "4":
        return False
    return protocol == "http" or outcome.grpc_status in ("", "0")


def _is_server_error(code: str) -> bool:
    # Custom classification may write "5xx"; Mixer wrote eight-digit nonsense, which is no error.
    return len(code) == 3 and code[0] == "5"


def has_flag(outcome: Outcome, flag: str) -> bool:
    """Tell whether Envoy set this flag."""
    return flag in outcome.flags.split(",")


def total(outcomes: Mapping[Outcome, float]) -> float:
    """Return the requests per second over all outcomes."""
    return sum(outcomes.values())


def responses(outcomes: Mapping[Outcome, float], protocol: Protocol) -> list[Response]:
    """Return the outcomes that happened, merged by what is shown of them, ordered by code.

    Not by rate: two outcomes of about the same rate would swap places at every tick.
    """
    merged: dict[tuple[str, str, bool], float] = {}
    for outcome, rps in outcomes.items():
        key = (shown_code(outcome, protocol), outcome.flags, is_error(outcome, protocol))
        merged[key] = merged.get(key, 0.0) + rps
    rows = ((key, rps) for key, rps in merged.items() if rps > 0)
    return [
        {"code": code, "flags": flags, "rps": rps, "error": error}
        for (code, flags, error), rps in sorted(rows)
    ]


def add(into: dict[Outcome, float], more: Iterable[tuple[Outcome, float]]) -> None:
    """Add rates per outcome."""
    for outcome, rps in more:
        into[outcome] = into.get(outcome, 0.0) + rps
