"""Sums of accounts behind one drawn edge: each side's, and those that make the edge's numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from graph.core import outcomes
from graph.core.accounts import CALLING, COUNTERS, Entry, plus
from graph.core.identity import is_known
from graph.core.outcomes import Outcome
from graph.core.readings import SlowFacts, Volume
from graph.core.reporters import Role
from graph.core.wire import EdgeReporter, Protocol

SideName = Literal["client", "server"]


class Line(NamedTuple):
    """An account, and what the slow lane knows of it.

    ``counters`` are those of the account that its proxy counts at all, by name; ``row`` is its
    histogram's.
    """

    entry: Entry
    counters: tuple[tuple[str, float], ...]
    row: int | None
    volume: Volume | None
    # True when a workload is known to have answered.
    answered: bool

    @classmethod
    def of(cls, entry: Entry, slow: SlowFacts | None) -> "Line":
        """Return the line of an account."""
        account = entry.account
        counters = tuple(
            (name, value) for name in COUNTERS if (value := getattr(account, name)) is not None
        )
        row = slow.rows.get(entry.filed) if slow else None
        volume = slow.volumes.get(entry.filed) if slow else None
        return cls(entry, counters, row, volume, is_answered(entry))


@dataclass(slots=True)
class Times:
    """Response times to be merged: sums, counts and rows of the histograms."""

    sum_ms: float = 0.0
    count: float = 0.0
    histograms: list[int] = field(default_factory=list)

    def add(self, line: "Line") -> None:
        """Add one account's."""
        self.sum_ms += line.entry.account.duration_sum_ms
        self.count += line.entry.account.duration_count
        if line.row is not None:
            self.histograms.append(line.row)

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

    def add(self, line: Line) -> None:
        """Add one account and what the slow lane knows of it."""
        account = line.entry.account
        (self._answered if line.answered else self._unanswered).add(line)
        outcomes.add(self.outcomes, account.outcomes.items())
        for name, value in line.counters:
            setattr(self, name, (getattr(self, name) or 0.0) + value)
        for pair, weight in account.principals.items():
            self.principals[pair] = self.principals.get(pair, 0.0) + weight
        for host, weight in account.hosts.items():
            self.hosts[host] = self.hosts.get(host, 0.0) + weight
        if line.volume is not None:
            self.sent_bps = plus(self.sent_bps, line.volume.sent_bps)
            self.received_bps = plus(self.received_bps, line.volume.received_bps)

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


@dataclass
class EdgeTally:
    """All that is known of one drawn edge: each side's account, and the edge's own numbers."""

    protocol: Protocol
    # To or from a waypoint: a part of the way of requests that are drawn as a whole elsewhere.
    is_leg: bool = False
    # Made by `close`, and not to be changed after: the total is mostly one of the sides itself.
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
    # The accounts of each side, and all that makes the total, in the order in which they came.
    _clients: list[Line] = field(default_factory=list)
    _servers: list[Line] = field(default_factory=list)
    _parts: list[tuple[Line, bool]] = field(default_factory=list)

    @property
    def sides(self) -> set[SideName]:
        """Whose proxies speak; on an edge that moves, zeros of a silent one are no account."""
        return self._alive or self._heard

    @cached_property
    def principals(self) -> tuple[dict[str, float], dict[str, float]]:
        """Traffic by calling and by answering identity, once the tally is closed.

        The client's word counts where the server said nothing of a pair.
        """
        return _by_end({**self.client.principals, **self.server.principals})

    @property
    def known_security(self) -> Mapping[str, float]:
        """Traffic by security policy, as a server's proxy saw it."""
        told = any(self.security.get(policy) for policy in ("mutual_tls", "none"))
        return self.security if told else self.lent_security

    def add(self, line: Line, role: Role) -> None:
        """Add one account in its role."""
        if role.side is not None:
            self._heard.add(role.side)
            if line.entry.alive:
                self._alive.add(role.side)
            (self._clients if role.side == "client" else self._servers).append(line)
        if role.counts:
            self._count(line, role)
        elif role.adds_unreached and lost(line):
            self._parts.append((line, False))
            self.reporters.add("source")

    def close(self) -> None:
        """Add everything up once every account is there."""
        self.client, self.server = _sum(self._clients), _sum(self._servers)
        lines = [line for line, counts in self._parts if counts and line.answered]
        if len(lines) == len(self._parts) and lines in (self._clients, self._servers):
            self.total = self.server if lines == self._servers else self.client
        else:
            self.total = self._total()

    def _total(self) -> Tally:
        """Return what the edge shows.

        Of requests that found no server only the fact is added, not the bytes of the answers that
        their own proxies made up; unless nobody found one, as with hosts outside the mesh. Failures
        that the server could not count, because it never saw them, come from the callers.
        """
        total, stray = Tally(), Tally()
        for line, counts in self._parts:
            if not counts:
                outcomes.add(total.outcomes, lost(line))
            elif line.answered:
                total.add(line)
            else:
                stray.add(line)
        if self._is_answered and self.protocol != "tcp":
            outcomes.add(total.outcomes, stray.outcomes.items())
        else:
            total.merge(stray)
        return total

    def lend_security(self, security: Mapping[str, float]) -> None:
        """Take over what another account of the same connections says of their security."""
        for policy, weight in security.items():
            self.lent_security[policy] = self.lent_security.get(policy, 0.0) + weight

    def _count(self, line: Line, role: Role) -> None:
        """Let the account speak for the edge."""
        entry = line.entry
        self._parts.append((line, True))
        if entry.alive:  # zeros of an old incident say nothing about today's numbers
            self._is_answered = self._is_answered or line.answered
            self.reporters.add(role.reporter)
        if role.side == "server":  # a calling proxy never knows whether the connection was mTLS
            for policy, weight in entry.account.security.items():
                self.security[policy] = self.security.get(policy, 0.0) + weight


def _by_end(pairs: Mapping[tuple[str, str], float]) -> tuple[dict[str, float], dict[str, float]]:
    sources: dict[str, float] = {}
    targets: dict[str, float] = {}
    for (source, target), weight in pairs.items():
        sources[source] = sources.get(source, 0.0) + weight
        targets[target] = targets.get(target, 0.0) + weight
    return sources, targets


def _sum(lines: Sequence[Line]) -> Tally:
    tally = Tally()
    for line in lines:
        tally.add(line)
    return tally


def lost(line: Line) -> list[tuple[Outcome, float]]:
    """Return the failures of an account that no server saw."""
    account = line.entry.account
    return [
        (o, rps) for o, rps in account.outcomes.items() if rps > 0 and outcomes.never_reached(o)
    ]
