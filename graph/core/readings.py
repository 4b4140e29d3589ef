"""From samples to readings: who said what about which link, and who is who.

Step 1  Name the two ends and the service of every series (`identity`).
Step 2  Add series into one `Account` per link and reporter (`accounts`).
Step 3  Settle what the two proxies may say differently: one app and version per workload, and the
        cluster of peers of which only one proxy knew it (`census`).

Nothing is dropped for being zero: a series that exists without increments is an idle link.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from graph.core import latency
from graph.core.accounts import ADDERS, Account, Teller
from graph.core.census import Census, take_census
from graph.core.identity import Name, PeerKey
from graph.core.rows import Row, Rows
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Bucket, Harvest, Sample
from graph.core.wire import Protocol

# Questions about counters that only one protocol has, and that carry no request_protocol.
_PROTOCOL_OF: Mapping[str, Protocol] = {
    "tcp_sent": "tcp",
    "tcp_received": "tcp",
    "tcp_opened": "tcp",
    "tcp_closed": "tcp",
    "request_messages": "grpc",
    "response_messages": "grpc",
}


@dataclass(frozen=True, slots=True)
class FastFacts:
    """The fast lane's accounts, at one evaluation time."""

    at: float
    accounts: Mapping[Teller, Account]
    census: Census
    series: int
    # Waypoints told by their scrape labels: (namespace, workload).
    waypoints: Collection[tuple[str, str]] = frozenset()
    # Every namespace that a workload is in.
    namespaces: tuple[str, ...] = ()
    # True when every named peer was told with its workload.
    names_workloads: bool = True
    # What was worked out of these facts already, for whoever wants it next (`graph.core.scene`).
    kept: dict[Any, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def names(self) -> Mapping[PeerKey, Name]:
        return self.census.names


@dataclass(slots=True)
class Volume:
    """Bytes of one HTTP or gRPC link; None where Istio does not count them."""

    sent_bps: float | None = None
    received_bps: float | None = None


@dataclass(frozen=True, slots=True)
class SlowFacts:
    """The slow lane: bucket rows (``rows[teller]`` indexes ``histograms``) and volumes."""

    at: float
    rows: Mapping[Teller, int]
    histograms: latency.Histograms
    volumes: Mapping[Teller, Volume]


@dataclass(frozen=True, slots=True)
class Readings:
    """One window's facts: what a graph of any type and scope is drawn from.

    ``window_s`` is what they are about, which a gap in the scrapes makes shorter than the feed's.
    """

    at: float
    window_s: int
    fast: FastFacts
    slow: SlowFacts | None
    rules: MeshRules = field(default=DEFAULT)


_rows = Rows()


def read_fast(harvest: Harvest, rules: MeshRules = DEFAULT) -> FastFacts:
    """Return the accounts behind the fast lane's answers."""
    accounts: dict[Teller, Account] = {}
    # By row, the same object whenever the same labels come: to look up a teller takes long.
    booked: dict[int, Account] = {}
    rows: list[Row] = []
    series = 0
    for question, add in ADDERS.items():
        default = _PROTOCOL_OF.get(question, "http")
        for labels, value in harvest.answers.get(question, ()):
            row = _rows.of(labels, default, rules.groups)
            if row is None or not isfinite(value):  # rates of broken counters can be NaN
                continue
            series += 1
            account = booked.get(id(row))
            if account is None:
                rows.append(row)
                account = booked[id(row)] = accounts.setdefault(row.teller, Account())
            add(account, row, value)
    said = _said(rows)
    census = take_census((link for link, _ in accounts), said)
    namespaces = {peer.namespace for peer in census.names if peer.namespace}
    return FastFacts(
        harvest.at,
        accounts,
        census,
        series,
        harvest.waypoints,
        tuple(sorted(namespaces)),
        all(peer.workload or not peer.app for peer in said),
    )


def _said(rows: Iterable[Row]) -> Mapping[PeerKey, set[Name]]:
    """Return every name that was told of each peer."""
    said: defaultdict[PeerKey, set[Name]] = defaultdict(set)
    for row in rows:
        link, (source, target) = row.teller[0], row.names
        said[link.source].add(source)
        said[link.target].add(target)
    return said


# "Sent" is the response direction, as in Istio's TCP metrics.
_VOLUME_FIELDS: Mapping[str, str] = {"response_bytes": "sent_bps", "request_bytes": "received_bps"}


def read_slow(harvest: Harvest, rules: MeshRules = DEFAULT) -> SlowFacts:
    """Return the histograms and volumes behind the slow lane's answers."""
    rows, histograms = _read_buckets(harvest.answers.get("duration_buckets", ()), rules.groups)
    return SlowFacts(harvest.at, rows, histograms, _read_volumes(harvest, rules.groups))


def _read_buckets(
    samples: Sequence[Sample], groups: tuple[str, ...]
) -> tuple[dict[Teller, int], latency.Histograms]:
    index: dict[Teller, int] = {}
    # By row, as in `read_fast`; the rows are kept so that no other takes the place of one.
    booked: dict[int, tuple[Row, int]] = {}
    series: list[int] = []
    bounds: list[float] = []
    rates: list[float] = []
    bound_of: dict[str, float | None] = {}
    for labels, value in samples:
        text, labels = _bound_apart(labels)
        if text not in bound_of:
            bound_of[text] = latency.parse_bound(text)
        bound = bound_of[text]
        row = _rows.of(labels, "http", groups)
        if row is None or bound is None or not isfinite(value):
            continue
        found = booked.get(id(row))
        if found is None:
            found = booked[id(row)] = row, index.setdefault(row.teller, len(index))
        series.append(found[1])
        bounds.append(bound)
        rates.append(value)
    return index, latency.build(series, bounds, rates, len(index))


def _bound_apart(labels: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Return the text of a bucket's upper bound, and the labels of its series."""
    if type(labels) is Bucket:
        return labels.le, labels.series
    series = dict(labels)
    return series.pop("le", ""), series


def _read_volumes(harvest: Harvest, groups: tuple[str, ...]) -> dict[Teller, Volume]:
    volumes: defaultdict[Teller, Volume] = defaultdict(Volume)
    for question, name in _VOLUME_FIELDS.items():
        for labels, value in harvest.answers.get(question, ()):
            row = _rows.of(labels, "http", groups)
            if row is not None and isfinite(value):
                volume = volumes[row.teller]
                setattr(volume, name, (getattr(volume, name) or 0.0) + value)
    return dict(volumes)
