"""What every proxy has counted so far.

Requests are counted as they end; histograms, bytes and messages become visible at the next flush,
as Envoy does it. Nothing exists before its first count, and a new pod starts with nothing.
"""

from dataclasses import dataclass, field

import numpy as np

from graph.demo.plan import Bools, Floats, Ints, Plan
from graph.demo.series import Keys, Series
from graph.demo.traffic import Requests

# Envoy's stats flush interval.
FLUSH_S = 5.0
# Istio's histogram bounds, the same for milliseconds and bytes; +Inf follows.
BOUNDS = (
    *(0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000),
    *(60000, 300000, 600000, 1800000, 3600000),
)
BUCKETS = len(BOUNDS) + 1
# Columns of a row of requests: the count, then buckets and sum of each histogram.
HISTOGRAM = BUCKETS + 1
DURATION, REQUEST_BYTES, RESPONSE_BYTES = (1 + HISTOGRAM * i for i in range(3))
# Columns of a row of TCP traffic; the rest are connections by the flush that will close them.
OPENED, CLOSED, SENT, RECEIVED, CLOSING = range(5)
CLOSE_SLOTS = 16
# Columns of a row of gRPC messages.
ASKED, ANSWERED = range(2)


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
    requests: Series = field(default_factory=lambda: Series(1 + 3 * HISTOGRAM))
    tcp: Series = field(default_factory=lambda: Series(CLOSING + CLOSE_SLOTS))
    messages: Series = field(default_factory=lambda: Series(2))
    _keys: Keys = field(init=False)
    _grpc: Bools = field(init=False)
    _flushes: int = 0

    def __post_init__(self) -> None:
        self._keys = Keys(self.plan)
        grpc = [call.protocol == "grpc" for call in self.plan.calls]
        self._grpc = np.array(grpc, dtype=np.bool_)

    @property
    def keys(self) -> Keys:
        """How to read the tables' keys."""
        return self._keys

    def record(self, requests: Requests) -> None:
        """Count the requests of a step at both ends."""
        tcp = self.plan.tcp[requests.call]
        self._record_requests(requests, self._entries(requests, ~tcp))
        self._record_tcp(requests, self._entries(requests, tcp))
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
        self.tcp.values[rows, CLOSED] = self.tcp.values[rows, OPENED]
        for table in (self.requests, self.tcp, self.messages):
            table.publish_rows(self._rows(table, pod))

    def restart(self, pod: int) -> None:
        """Forget what the proxy in this slot has counted."""
        for table in (self.requests, self.tcp, self.messages):
            table.clear(self._rows(table, pod))

    def _rows(self, table: Series, pod: int) -> list[int]:
        return [row for row, key in enumerate(table.keys) if self._keys.unpack(key).pod == pod]

    def _entries(self, requests: Requests, wanted: Bools, *, outcomes: bool = True) -> _Entries:
        """Return the reports of both ends; a proxy that is not there reports nothing."""
        plan = self.plan
        out = np.flatnonzero(wanted & plan.reports_out[plan.source[requests.call]])
        into = np.flatnonzero(wanted & requests.reached & plan.reports_in[requests.workload])
        nobody = len(plan.workloads)
        served = np.where(requests.reached, requests.workload, nobody)
        outcome = requests.outcome if outcomes else np.zeros_like(requests.outcome)
        plain = requests.plaintext.astype(np.int64)
        pack = self._keys.pack
        return _Entries(
            requests=np.concatenate([out, into]),
            key=np.concatenate(
                [
                    pack(
                        *(requests.call[out], 0, plain[out], outcome[out]),
                        *(requests.source_pod[out], served[out]),
                    ),
                    pack(
                        *(requests.call[into], 1, plain[into], outcome[into]),
                        *(requests.pod[into], served[into]),
                    ),
                ]
            ),
            ms=np.concatenate([requests.client_ms[out], requests.server_ms[into]]),
        )

    def _record_requests(self, requests: Requests, entries: _Entries) -> None:
        keys, group = np.unique(entries.key, return_inverse=True)
        rows = self.requests.rows(keys)
        values = self.requests.values
        values[rows, 0] += np.bincount(group, minlength=len(keys))
        for column, amounts in (
            # Istio records whole milliseconds, rounded down.
            (DURATION, entries.ms.astype(np.int64)),
            (REQUEST_BYTES, requests.request_bytes[entries.requests]),
            (RESPONSE_BYTES, requests.response_bytes[entries.requests]),
        ):
            values[rows, column : column + HISTOGRAM] += _histograms(group, amounts, len(keys))

    def _record_tcp(self, requests: Requests, entries: _Entries) -> None:
        keys, group = np.unique(entries.key, return_inverse=True)
        rows, values = self.tcp.rows(keys), self.tcp.values
        values[rows, SENT] += _sums(group, requests.response_bytes[entries.requests], len(keys))
        values[rows, RECEIVED] += _sums(group, requests.request_bytes[entries.requests], len(keys))
        lifetime_s = requests.lifetime_s[entries.requests]
        opened = lifetime_s > 0
        values[rows, OPENED] += np.bincount(group[opened], minlength=len(keys))
        flushes = np.ceil(lifetime_s[opened] / FLUSH_S).astype(np.int64)
        slots = CLOSING + (self._flushes + np.minimum(flushes, CLOSE_SLOTS - 1)) % CLOSE_SLOTS
        np.add.at(values, (rows[group[opened]], slots), 1)

    def _record_messages(self, requests: Requests) -> None:
        # Message counters know no outcome: one row holds the good and the bad.
        entries = self._entries(requests, self._grpc[requests.call], outcomes=False)
        keys, group = np.unique(entries.key, return_inverse=True)
        rows = self.messages.rows(keys)
        answered = ~self.plan.error[requests.outcome[entries.requests]]
        self.messages.values[rows, ASKED] += np.bincount(group, minlength=len(keys))
        self.messages.values[rows, ANSWERED] += np.bincount(group[answered], minlength=len(keys))


def _histograms(group: Ints, amounts: Ints, groups: int) -> Ints:
    """Return buckets (not cumulative) and sum of the amounts in each group."""
    bucket = np.searchsorted(BOUNDS, amounts, side="left")
    counted = np.bincount(group * BUCKETS + bucket, minlength=groups * BUCKETS)
    sums = _sums(group, amounts, groups)
    return np.concatenate([counted.reshape(groups, BUCKETS), sums[:, None]], axis=1)


def _sums(group: Ints, amounts: Ints, groups: int) -> Ints:
    return np.bincount(group, weights=amounts, minlength=groups).astype(np.int64)
