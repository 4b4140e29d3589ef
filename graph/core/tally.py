"""Sums of accounts, and the reporter rule that says which accounts make an edge's numbers.

Both proxies of a request report it, so their counts are never added to each other. The server's
side (the waypoint where there is one, else the destination) is the truth; to it come the requests
that only the caller's proxy saw, because they never reached a server. Where no server-side proxy
reports at all (external hosts, workloads without a sidecar) the caller's account stands for the
edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.core import outcomes
from graph.core.identity import Link, PeerKey
from graph.core.outcomes import Outcome
from graph.core.readings import Account, Readings, Reporter, SlowFacts, Teller, Volume
from graph.core.wire import EdgeReporter, Protocol

PairKey = tuple[PeerKey, PeerKey, Protocol]
SideName = Literal["client", "server"]


@dataclass(slots=True)
class Tally:
    """The sum of one side's accounts over the links of a drawn edge."""

    outcomes: dict[Outcome, float] = field(default_factory=dict)
    duration_sum_ms: float = 0.0
    duration_count: float = 0.0
    sent_bps: float | None = None
    received_bps: float | None = None
    sent_mps: float | None = None
    received_mps: float | None = None
    connections_per_s: float | None = None
    histograms: list[int] = field(default_factory=list)
    principals: dict[tuple[str, str], float] = field(default_factory=dict)
    hosts: dict[str, float] = field(default_factory=dict)

    def add(self, account: Account) -> None:
        """Add one account whole."""
        outcomes.add(self.outcomes, account.outcomes.items())
        self.duration_sum_ms += account.duration_sum_ms
        self.duration_count += account.duration_count
        self.sent_bps = plus(self.sent_bps, account.sent_bps)
        self.received_bps = plus(self.received_bps, account.received_bps)
        self.connections_per_s = plus(self.connections_per_s, account.connections_per_s)
        for pair, weight in account.principals.items():
            self.principals[pair] = self.principals.get(pair, 0.0) + weight
        for host, weight in account.hosts.items():
            self.hosts[host] = self.hosts.get(host, 0.0) + weight

    def add_volume(self, volume: Volume) -> None:
        """Add the bytes and messages that the slow lane knows."""
        self.sent_bps = plus(self.sent_bps, volume.sent_bps)
        self.received_bps = plus(self.received_bps, volume.received_bps)
        self.sent_mps = plus(self.sent_mps, volume.sent_mps)
        self.received_mps = plus(self.received_mps, volume.received_mps)


@dataclass(slots=True)
class EdgeTally:
    """All that is known of one drawn edge: each side's account, and the edge's own numbers."""

    protocol: Protocol
    client: Tally = field(default_factory=Tally)
    server: Tally = field(default_factory=Tally)
    total: Tally = field(default_factory=Tally)
    security: dict[str, float] = field(default_factory=dict)
    reporters: set[EdgeReporter] = field(default_factory=set)
    sides: set[SideName] = field(default_factory=set)

    @property
    def measured(self) -> Tally:
        """The side whose latency stands for the edge: the server's where it reports.

        Not the total: requests that never found a server ended within a millisecond, and would
        make a failing edge look fast.
        """
        return self.server if "server" in self.sides else self.client

    @property
    def principals(self) -> dict[tuple[str, str], float]:
        """Identities by traffic; the client's word where the server said nothing of a pair."""
        return {**self.client.principals, **self.server.principals}


def plus(left: float | None, right: float | None) -> float | None:
    """Add two numbers of which either may be unknown."""
    if left is None:
        return right
    return left if right is None else left + right


@dataclass(frozen=True, slots=True)
class ReporterRule:
    """Decides, link by link, whose numbers count."""

    served: Mapping[PairKey, Reporter]

    @classmethod
    def of(cls, readings: Readings) -> "ReporterRule":
        """Return the rule for these readings: the best server-side reporter of every pair."""
        served: dict[PairKey, Reporter] = {}
        for (link, reporter), account in readings.fast.accounts.items():
            if reporter != "source" and is_alive(account):
                pair = pair_of(link)
                if served.get(pair) != "waypoint":
                    served[pair] = reporter
        return cls(served)

    def server_of(self, link: Link) -> Reporter | None:
        """Return the reporter that speaks for the server, None when nobody does."""
        return self.served.get(pair_of(link))


def pair_of(link: Link) -> PairKey:
    """Return what identifies the two proxies; the service's name may differ between them."""
    return (link.source, link.target, link.protocol)


def is_alive(account: Account) -> bool:
    """Tell whether the account moved: a dead server's zero must not silence its callers."""
    return (
        any(account.outcomes.values())
        or bool(account.sent_bps)
        or bool(account.received_bps)
        or bool(account.connections_per_s)
    )


def add_account(
    edge: EdgeTally, teller: Teller, account: Account, rule: ReporterRule, slow: SlowFacts | None
) -> None:
    """Add one account to a drawn edge, following the reporter rule."""
    link, reporter = teller
    server = rule.server_of(link)
    if reporter == "source":
        _add_side(edge, "client", teller, account, slow)
        if server is None:
            _count(edge, teller, account, slow, "source")
        else:
            _add_unreached(edge, account)
    elif reporter == server:
        _add_side(edge, "server", teller, account, slow)
        _count(edge, teller, account, slow, "waypoint" if reporter == "waypoint" else "destination")


def _add_side(
    edge: EdgeTally, side: SideName, teller: Teller, account: Account, slow: SlowFacts | None
) -> None:
    edge.sides.add(side)
    tally = edge.client if side == "client" else edge.server
    tally.add(account)
    _add_slow(tally, teller, slow)


def _add_slow(tally: Tally, teller: Teller, slow: SlowFacts | None) -> None:
    if slow is None:
        return
    row = slow.rows.get(teller)
    if row is not None:
        tally.histograms.append(row)
    volume = slow.volumes.get(teller)
    if volume is not None:
        tally.add_volume(volume)


def _count(
    edge: EdgeTally,
    teller: Teller,
    account: Account,
    slow: SlowFacts | None,
    reporter: EdgeReporter,
) -> None:
    """Let the account speak for the edge."""
    edge.total.add(account)
    _add_slow(edge.total, teller, slow)
    if is_alive(account):  # zeros of an old incident say nothing about today's numbers
        edge.reporters.add(reporter)
    if reporter != "source":  # a calling proxy never knows whether the connection was mTLS
        for policy, weight in account.security.items():
            edge.security[policy] = edge.security.get(policy, 0.0) + weight


def _add_unreached(edge: EdgeTally, account: Account) -> None:
    """Add the failures that the server could not count, because it never saw them."""
    lost = [
        (o, rps) for o, rps in account.outcomes.items() if rps > 0 and outcomes.never_reached(o)
    ]
    if lost:
        outcomes.add(edge.total.outcomes, lost)
        edge.reporters.add("source")
