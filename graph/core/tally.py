"""Sums of accounts behind one drawn edge: each side's, and those that make the edge's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.core import outcomes
from graph.core.accounts import CALLING, COUNTERS, Account, Entry, Teller, plus
from graph.core.identity import is_known
from graph.core.outcomes import Outcome
from graph.core.readings import SlowFacts
from graph.core.reporters import Role
from graph.core.wire import EdgeReporter, Protocol

SideName = Literal["client", "server"]


@dataclass(slots=True)
class Times:
    """Response times to be merged: sums, counts and rows of the histograms."""

    sum_ms: float = 0.0
    count: float = 0.0
    histograms: list[int] = field(default_factory=list)

    def add(self, teller: Teller, account: Account, slow: SlowFacts | None) -> None:
        """Add one account's."""
        self.sum_ms += account.duration_sum_ms
        self.count += account.duration_count
        row = slow.rows.get(teller) if slow else None
        if row is not None:
            self.histograms.append(row)

    def extend(self, more: "Times") -> None:
        """Add another edge's."""
        self.sum_ms += more.sum_ms
        self.count += more.count
        self.histograms.extend(more.histograms)

    def __bool__(self) -> bool:
        """True when there is anything to compute a time from."""
        return self.count > 0 or bool(self.histograms)

    @property
    def average_ms(self) -> float | None:
        return self.sum_ms / self.count if self.count > 0 else None


@dataclass(slots=True)
class Tally:
    """A sum of accounts over the links of a drawn edge."""

    outcomes: dict[Outcome, float] = field(default_factory=dict)
    # Times of answers, and of requests for which no workload was ever chosen.
    _answered: Times = field(default_factory=Times)
    _unanswered: Times = field(default_factory=Times)
    sent_bps: float | None = None
    received_bps: float | None = None
    sent_mps: float | None = None
    received_mps: float | None = None
    connections_per_s: float | None = None
    connections_closed_per_s: float | None = None
    principals: dict[tuple[str, str], float] = field(default_factory=dict)
    hosts: dict[str, float] = field(default_factory=dict)

    @property
    def times(self) -> Times:
        """The response times that stand for all of it.

        Without those of requests that never found a server, if any found one: they end within a
        millisecond, and would make a failing edge look fast.
        """
        return self._answered if self._answered else self._unanswered

    def add(self, entry: Entry, slow: SlowFacts | None) -> None:
        """Add one account and what the slow lane knows of it."""
        teller, account = entry.filed, entry.account
        (self._answered if is_answered(entry) else self._unanswered).add(teller, account, slow)
        outcomes.add(self.outcomes, account.outcomes.items())
        for name in COUNTERS:
            value = getattr(account, name)
            if value is not None:  # most are, on most accounts
                setattr(self, name, (getattr(self, name) or 0.0) + value)
        for pair, weight in account.principals.items():
            self.principals[pair] = self.principals.get(pair, 0.0) + weight
        for host, weight in account.hosts.items():
            self.hosts[host] = self.hosts.get(host, 0.0) + weight
        volume = slow.volumes.get(teller) if slow else None
        if volume is not None:
            self.sent_bps = plus(self.sent_bps, volume.sent_bps)
            self.received_bps = plus(self.received_bps, volume.received_bps)

    def merge(self, other: "Tally") -> None:
        """Take in all of another tally."""
        outcomes.add(self.outcomes, other.outcomes.items())
        for name in COUNTERS:
            setattr(self, name, plus(getattr(self, name), getattr(other, name)))
        self._answered.extend(other._answered)
        self._unanswered.extend(other._unanswered)

    @property
    def is_moving(self) -> bool:
        """True when the window saw traffic."""
        return any(rps > 0 for rps in self.outcomes.values()) or any(
            getattr(self, name) for name in COUNTERS
        )


def is_answered(entry: Entry) -> bool:
    """Tell whether a workload is known to have answered."""
    return entry.reporter not in CALLING or is_known(entry.link.target)


@dataclass(slots=True)
class EdgeTally:
    """All that is known of one drawn edge: each side's account, and the edge's own numbers."""

    protocol: Protocol
    # To or from a waypoint: a part of the way of requests that are drawn as a whole elsewhere.
    is_leg: bool = False
    client: Tally = field(default_factory=Tally)
    server: Tally = field(default_factory=Tally)
    total: Tally = field(default_factory=Tally)
    security: dict[str, float] = field(default_factory=dict)
    # What somebody else's account of the same connections says, in want of a better one.
    lent_security: dict[str, float] = field(default_factory=dict)
    reporters: set[EdgeReporter] = field(default_factory=set)
    _heard: set[SideName] = field(default_factory=set)
    _alive: set[SideName] = field(default_factory=set)
    _is_answered: bool = False
    # What counts and found no server: responses that no workload gave.
    _stray: Tally = field(default_factory=Tally)

    @property
    def sides(self) -> set[SideName]:
        """Whose proxies speak; on an edge that moves, zeros of a silent one are no account."""
        return self._alive or self._heard

    @property
    def principals(self) -> dict[tuple[str, str], float]:
        """Identities by traffic; the client's word where the server said nothing of a pair."""
        return {**self.client.principals, **self.server.principals}

    @property
    def known_security(self) -> Mapping[str, float]:
        """Traffic by security policy, as a server's proxy saw it."""
        told = any(self.security.get(policy) for policy in ("mutual_tls", "none"))
        return self.security if told else self.lent_security

    def add(self, entry: Entry, role: Role, slow: SlowFacts | None) -> None:
        """Add one account in its role."""
        if role.side is not None:
            self._heard.add(role.side)
            if entry.alive:
                self._alive.add(role.side)
            side = self.client if role.side == "client" else self.server
            side.add(entry, slow)
        if role.counts:
            self._count(entry, role, slow)
        elif role.adds_unreached:
            self._add_unreached(entry.account)

    def close(self) -> None:
        """Settle the total once every account is there.

        Of requests that found no server only the fact is added, not the bytes of the answers that
        their own proxies made up; unless nobody found one, as with hosts outside the mesh.
        """
        if self._is_answered and self.protocol != "tcp":
            outcomes.add(self.total.outcomes, self._stray.outcomes.items())
        else:
            self.total.merge(self._stray)

    def lend_security(self, security: Mapping[str, float]) -> None:
        """Take over what another account of the same connections says of their security."""
        for policy, weight in security.items():
            self.lent_security[policy] = self.lent_security.get(policy, 0.0) + weight

    def _count(self, entry: Entry, role: Role, slow: SlowFacts | None) -> None:
        """Let the account speak for the edge."""
        if is_answered(entry):
            self._is_answered = self._is_answered or entry.alive
            self.total.add(entry, slow)
        else:
            self._stray.add(entry, slow)
        if entry.alive:  # zeros of an old incident say nothing about today's numbers
            self.reporters.add(role.reporter)
        if role.side == "server":  # a calling proxy never knows whether the connection was mTLS
            for policy, weight in entry.account.security.items():
                self.security[policy] = self.security.get(policy, 0.0) + weight

    def _add_unreached(self, account: Account) -> None:
        """Add the failures that the server could not count, because it never saw them."""
        lost = [
            (o, rps) for o, rps in account.outcomes.items() if rps > 0 and outcomes.never_reached(o)
        ]
        if lost:
            outcomes.add(self.total.outcomes, lost)
            self.reporters.add("source")
