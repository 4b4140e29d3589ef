"""What each proxy said about each link, added up from samples.

Adding is all that happens here: ratios and quantiles come after drawn edges are merged, so that
splitting a series into more of them changes nothing.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from graph.core.identity import Link
from graph.core.outcomes import Outcome

if TYPE_CHECKING:
    from graph.core.rows import Row

Key = TypeVar("Key", bound=Hashable)

# Who counts: the caller's proxy, the server's, a waypoint in between; ztunnels apart, since they
# see connections of the same requests that other proxies count.
Reporter = Literal["source", "destination", "waypoint", "ztunnel_source", "ztunnel_destination"]
Teller = tuple[Link, Reporter]

CALLING: frozenset[Reporter] = frozenset({"source", "ztunnel_source"})


@dataclass(slots=True)
class Account:
    """What one reporter's proxies said about one link; every number is per second.

    ``outcomes`` are requests by how they ended, on TCP links connections. None is what the proxy
    does not count.
    """

    outcomes: dict[Outcome, float] = field(default_factory=dict)
    security: dict[str, float] = field(default_factory=dict)
    principals: dict[tuple[str, str], float] = field(default_factory=dict)
    hosts: dict[str, float] = field(default_factory=dict)
    duration_sum_ms: float = 0.0
    duration_count: float = 0.0
    sent_bps: float | None = None
    received_bps: float | None = None
    sent_mps: float | None = None
    received_mps: float | None = None
    connections_per_s: float | None = None
    connections_closed_per_s: float | None = None

    @property
    def is_alive(self) -> bool:
        """True when anything moved."""
        return any(self.outcomes.values()) or any(getattr(self, name) for name in COUNTERS)


class Entry(NamedTuple):
    """One account of a link whose ends are settled; ``filed`` is what its own proxy said.

    ``alive`` when anything moved: a dead proxy's zeros must not silence the living.
    """

    link: Link
    reporter: Reporter
    filed: Teller
    account: Account
    alive: bool


COUNTERS = (
    "sent_bps",
    "received_bps",
    "sent_mps",
    "received_mps",
    "connections_per_s",
    "connections_closed_per_s",
)

Adder = Callable[[Account, "Row", float], None]


def plus(left: float | None, right: float | None) -> float | None:
    """Add two numbers of which either may be unknown."""
    if left is None:
        return right
    return left if right is None else left + right


def _grow(totals: dict[Key, float], key: Key, value: float) -> None:
    totals[key] = totals.get(key, 0.0) + value


def _add_context(account: Account, row: "Row", value: float) -> None:
    """Add what every traffic series carries beside its number: security, identities, host."""
    _grow(account.security, row.security, value)
    _grow(account.principals, row.principals, value)
    _grow(account.hosts, row.host, value)


def _add_outcome(account: Account, row: "Row", value: float) -> None:
    _grow(account.outcomes, row.outcome, value)


def _add_requests(account: Account, row: "Row", value: float) -> None:
    _add_outcome(account, row, value)
    _add_context(account, row, value)


def _add_tcp_closed(account: Account, row: "Row", value: float) -> None:
    account.connections_closed_per_s = (account.connections_closed_per_s or 0.0) + value
    _add_outcome(account, row, value)


def _add_duration_sum(account: Account, row: "Row", value: float) -> None:
    account.duration_sum_ms += value


def _add_duration_count(account: Account, row: "Row", value: float) -> None:
    account.duration_count += value


def _counter(name: str, *, context: bool = False) -> Adder:
    def add(account: Account, row: "Row", value: float) -> None:
        setattr(account, name, (getattr(account, name) or 0.0) + value)
        if context:
            _add_context(account, row, value)

    return add


# By question. "Sent" is the response direction, as in Istio's TCP metrics.
ADDERS: Mapping[str, Adder] = {
    "requests": _add_requests,
    "tcp_sent": _counter("sent_bps", context=True),
    "tcp_received": _counter("received_bps", context=True),
    "tcp_opened": _counter("connections_per_s"),
    "tcp_closed": _add_tcp_closed,
    "duration_sum": _add_duration_sum,
    "duration_count": _add_duration_count,
    "response_messages": _counter("sent_mps"),
    "request_messages": _counter("received_mps"),
}
