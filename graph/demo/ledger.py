"""What every proxy has counted so far.

Requests are counted as they end; histograms, bytes and messages become visible at the next flush,
as Envoy does it. Nothing exists before its first count, and a new pod starts with nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from graph.demo.hops import CLIENT, CLIENT_NODE, SERVER, SERVER_NODE, WAYPOINT
from graph.demo.plan import Bools, Floats, Ints, Plan
from graph.demo.series import Keys, Series
from graph.demo.traffic import ENDING, OPENING, Requests

# Envoy's stats flush interval.
FLUSH_S = 5.0
# Columns of a row of TCP traffic; the rest are connections by the flush that will close them.
OPENED, CLOSED, SENT, RECEIVED, CLOSING = range(5)
CLOSE_SLOTS = 16
# Columns of a row of gRPC messages.
ASKED, ANSWERED = range(2)


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of a row of requests: the count, then buckets and sum of each histogram."""

    bounds: tuple[float, ...]

    @property
    def buckets(self) -> int:
        """Buckets of one histogram, with the one beyond all bounds."""
        return len(self.bounds) + 1

    @property
    def histogram(self) -> int:
        """Columns of one histogram."""
        return self.buckets + 1

    @property
    def duration(self) -> int:
        """First column of the durations, in milliseconds."""
        return 1

    @property
    def request_bytes(self) -> int:
        """First column of the requests' sizes."""
        return 1 + self.histogram

    @property
    def response_bytes(self) -> int:
        """First column of the answers' sizes."""
        return 1 + 2 * self.histogram

    @property
    def width(self) -> int:
        """Columns of a whole row."""
        return 1 + 3 * self.histogram


@dataclass(slots=True)
class _Entries:
    """One line per proxy that took part in a request."""

    requests: Ints
    key: Ints
    ms: Floats


@dataclass(slots=True)
class Ledger:
    """All counters of all proxies."""

    plan: Plan
    layout: Layout = field(init=False)
    requests: Series = field(init=False)
    tcp: Series = field(default_factory=lambda: Series(CLOSING + CLOSE_SLOTS))
    messages: Series = field(default_factory=lambda: Series(2))
    _keys: Keys = field(init=False)
    _grpc: Bools = field(init=False)
    _flushes: int = 0

    def __post_init__(self) -> None:
        self.layout = Layout(self.plan.bounds)
        self.requests = Series(self.layout.width)
        self._keys = Keys(self.plan)
        grpc = [call.protocol == "grpc" for call in self.plan.calls]
        self._grpc = np.array(grpc, dtype=np.bool_)

    @property
    def keys(self) -> Keys:
        """How to read the tables' keys."""
        return self._keys

    def record(self, requests: Requests) -> None:
        """Count the requests of a step at every proxy that saw them."""
        tcp = self.plan.tcp[requests.call]
        self._record_requests(requests, self._entries(requests, ~tcp & requests.counted))
        connections = self._entries(requests, tcp)
        if self.plan.hops.any_ztunnel:
            connections = _join(connections, self._node_entries(requests))
        self._record_tcp(requests, connections)
        self._record_messages(requests)

    def flush(self) -> None:
        """Publish what was counted, and close the TCP connections whose time has come."""
        self._flushes += 1
        due = CLOSING + self._flushes % CLOSE_SLOTS
        self.tcp.values[:, CLOSED] += self.tcp.values[:, due]
        self.tcp.values[:, due] = 0
        for table in (self.requests, self.tcp, self.messages):
            table.publish()

    def close(self, pod: int) -> None:
        """Close the connections of the proxy in this slot and publish all that it has counted."""
        rows = self._rows(self.tcp, pod)
        # Refused connections are closed without having been opened.
        opened, closed = self.tcp.values[rows, OPENED], self.tcp.values[rows, CLOSED]
        self.tcp.values[rows, CLOSED] = np.maximum(opened, closed)
        for table in (self.requests, self.tcp, self.messages):
            table.publish_rows(self._rows(table, pod))

    def restart(self, pod: int) -> None:
        """Forget what the proxy in this slot has counted."""
        for table in (self.requests, self.tcp, self.messages):
            table.clear(self._rows(table, pod))

    def _rows(self, table: Series, pod: int) -> list[int]:
        return [row for row, key in enumerate(table.keys) if self._keys.unpack(key).pod == pod]

    def _entries(self, requests: Requests, wanted: Bools, *, outcomes: bool = True) -> _Entries:
        """Return the reports of the proxies at both ends, and of waypoints between them."""
        plan = self.plan
        outcome = requests.outcome if outcomes else np.zeros_like(requests.outcome)
        served = np.where(requests.reached, requests.workload, len(plan.workloads))
        out = wanted & requests.final & plan.reports_out[plan.source[requests.call]]
        into = wanted & requests.reached & plan.reports_in[requests.workload]
        page = plan.hops.page
        pack = self._pack(requests, outcome, served)
        parts = [
            pack(np.flatnonzero(out), CLIENT, page[requests.source_pod], requests.client_ms),
            pack(np.flatnonzero(into), SERVER, page[requests.pod], requests.server_ms),
        ]
        if plan.hops.any_waypoint:
            waypoint = plan.hops.waypoint[requests.call]
            # Every caller keeps to one of the waypoint's pods.
            pod = plan.first_pod[waypoint] + requests.source_pod % plan.pods[waypoint]
            between_ms = (requests.client_ms + requests.server_ms) / 2
            passing = np.flatnonzero(wanted & requests.final & (waypoint >= 0))
            parts.append(pack(passing, WAYPOINT, pod, between_ms))
        return _join(*parts)

    def _node_entries(self, requests: Requests) -> _Entries:
        """Return the reports of ztunnels, which see connections whatever goes through them."""
        plan, hops = self.plan, self.plan.hops
        waypoint = hops.waypoint[requests.call]
        passes = waypoint >= 0
        # With a waypoint the caller's ztunnel reaches that, whatever happens behind it.
        outcome = plan.over_ztunnel[requests.outcome]
        normal = plan.over_ztunnel[0]
        carried = requests.carried | plan.tcp[requests.call]
        from_node, to_node = hops.ztunnel[requests.source_pod], hops.ztunnel[requests.pod]
        out = np.flatnonzero(carried & requests.final & (from_node >= 0))
        arrived = requests.reached | plan.denied[requests.outcome]
        into = np.flatnonzero(carried & arrived & (to_node >= 0))
        sent_to = np.where(passes, waypoint, requests.workload)
        outward = self._pack(requests, np.where(passes, normal, outcome), sent_to)
        inward = self._pack(requests, outcome, requests.workload)
        return _join(
            outward(out, CLIENT_NODE, from_node, requests.client_ms),
            inward(into, SERVER_NODE, to_node, requests.server_ms),
        )

    def _pack(
        self, requests: Requests, outcome: Ints, workload: Ints
    ) -> Callable[[Ints, int, Ints, Floats], _Entries]:
        """Return what makes entries of some rows, as seen by one side in its pods."""
        plain = requests.plaintext.astype(np.int64)

        def entries(rows: Ints, side: int, pod: Ints, ms: Floats) -> _Entries:
            key = self._keys.pack(
                *(requests.call[rows], side, plain[rows], outcome[rows]),
                *(pod[rows], workload[rows]),
            )
            return _Entries(rows, key, ms[rows])

        return entries

    def _record_requests(self, requests: Requests, entries: _Entries) -> None:
        keys, group = np.unique(entries.key, return_inverse=True)
        rows = self.requests.rows(keys)
        values, layout = self.requests.values, self.layout
        values[rows, 0] += np.bincount(group, minlength=len(keys))
        for column, amounts in (
            # Istio records whole milliseconds, rounded down.
            (layout.duration, entries.ms.astype(np.int64)),
            (layout.request_bytes, requests.request_bytes[entries.requests]),
            (layout.response_bytes, requests.response_bytes[entries.requests]),
        ):
            counted = _histograms(layout, group, amounts, len(keys))
            values[rows, column : column + layout.histogram] += counted

    def _record_tcp(self, requests: Requests, entries: _Entries) -> None:
        keys, group = np.unique(entries.key, return_inverse=True)
        rows, values = self.tcp.rows(keys), self.tcp.values
        of = entries.requests
        # A stream's last row repeats what its messages have carried.
        carried = requests.carried[of]
        sent, received = (
            np.where(carried, column[of], 0)
            for column in (requests.response_bytes, requests.request_bytes)
        )
        values[rows, SENT] += _sums(group, sent, len(keys))
        values[rows, RECEIVED] += _sums(group, received, len(keys))
        lifetime_s, part = requests.lifetime_s[of], requests.part[of]
        begun = lifetime_s > 0
        opened = (begun | (part == OPENING)) & ~self.plan.blocked[requests.call[of]]
        values[rows, OPENED] += np.bincount(group[opened], minlength=len(keys))
        values[rows, CLOSED] += np.bincount(group[part == ENDING], minlength=len(keys))
        flushes = np.ceil(lifetime_s[begun] / FLUSH_S).astype(np.int64)
        slots = CLOSING + (self._flushes + np.minimum(flushes, CLOSE_SLOTS - 1)) % CLOSE_SLOTS
        np.add.at(values, (rows[group[begun]], slots), 1)

    def _record_messages(self, requests: Requests) -> None:
        # Message counters know no outcome: one row holds the good and the bad.
        wanted = self._grpc[requests.call] & requests.carried
        entries = self._entries(requests, wanted, outcomes=False)
        keys, group = np.unique(entries.key, return_inverse=True)
        rows = self.messages.rows(keys)
        answered = ~self.plan.error[requests.outcome[entries.requests]]
        self.messages.values[rows, ASKED] += np.bincount(group, minlength=len(keys))
        self.messages.values[rows, ANSWERED] += np.bincount(group[answered], minlength=len(keys))


def _join(*parts: _Entries) -> _Entries:
    return _Entries(
        np.concatenate([part.requests for part in parts]),
        np.concatenate([part.key for part in parts]),
        np.concatenate([part.ms for part in parts]),
    )


def _histograms(layout: Layout, group: Ints, amounts: Ints, groups: int) -> Ints:
    """Return buckets (not cumulative) and sum of the amounts in each group."""
    bucket = np.searchsorted(layout.bounds, amounts, side="left")
    counted = np.bincount(group * layout.buckets + bucket, minlength=groups * layout.buckets)
    sums = _sums(group, amounts, groups)
    return np.concatenate([counted.reshape(groups, layout.buckets), sums[:, None]], axis=1)


def _sums(group: Ints, amounts: Ints, groups: int) -> Ints:
    return np.bincount(group, weights=amounts, minlength=groups).astype(np.int64)
