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
from functools import lru_cache
from math import isfinite
from typing import NamedTuple, cast

from graph.core import latency
from graph.core.accounts import ADDERS, Account, Reporter, Teller
from graph.core.census import Census, take_census
from graph.core.identity import Name, PeerKey, parse_link
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Harvest, Sample
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
    """One window's facts: what a graph of any type and scope is drawn from."""

    at: float
    window_s: int
    fast: FastFacts
    slow: SlowFacts | None
    rules: MeshRules = field(default=DEFAULT)


class _Row(NamedTuple):
    teller: Teller
    names: tuple[Name, Name]


def _row(labels: Mapping[str, str], default: Protocol, groups: tuple[str, ...]) -> _Row | None:
    """Return who says what about which link; None for a reporter that is no proxy of the mesh."""
    return _parse_row(tuple(labels), tuple(labels.values()), default, groups)


# The same label sets come back in every bucket, question and tick; 16,000 are a mesh of 1,000
# services, and 32,768 of them take about 50 MB.
@lru_cache(maxsize=32_768)
def _parse_row(
    names: tuple[str, ...], values: tuple[str, ...], default: Protocol, groups: tuple[str, ...]
) -> _Row | None:
    labels = dict(zip(names, values, strict=True))
    reporter = _reporter(labels)
    if reporter is None:
        return None
    link, source, target = parse_link(labels, default, groups)
    return _Row((link, reporter), (source, target))


def _reporter(labels: Mapping[str, str]) -> Reporter | None:
    match labels.get("reporter", ""), labels.get("proxy", ""):
        case "source" | "destination" as side, "ztunnel":
            return cast("Reporter", f"ztunnel_{side}")
        case "destination" | "source" | "waypoint" as reporter, _:
            return reporter
    return None


def read_fast(harvest: Harvest, rules: MeshRules = DEFAULT) -> FastFacts:
    """Return the accounts behind the fast lane's answers."""
    accounts: defaultdict[Teller, Account] = defaultdict(Account)
    names: defaultdict[PeerKey, set[Name]] = defaultdict(set)
    series = 0
    for question, add in ADDERS.items():
        default = _PROTOCOL_OF.get(question, "http")
        for labels, value in _finite(harvest.answers.get(question, ())):
            row = _row(labels, default, rules.groups)
            if row is None:
                continue
            series += 1
            link = row.teller[0]
            names[link.source].add(row.names[0])
            names[link.target].add(row.names[1])
            add(accounts[row.teller], labels, value)
    census = take_census((link for link, _ in accounts), names)
    return FastFacts(harvest.at, dict(accounts), census, series, harvest.waypoints)


def _finite(samples: Sequence[Sample]) -> Iterable[Sample]:
    """Yield the samples that are numbers: rates of broken counters can be NaN."""
    return (sample for sample in samples if isfinite(sample.value))


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
    series: list[int] = []
    bounds: list[float] = []
    rates: list[float] = []
    bound_of: dict[str, float | None] = {}
    for sample_labels, value in _finite(samples):
        labels = sample_labels.copy()
        text = labels.pop("le", "")
        bound = (
            bound_of[text]
            if text in bound_of
            else bound_of.setdefault(text, latency.parse_bound(text))
        )
        row = _row(labels, "http", groups)
        if row is None or bound is None:
            continue
        series.append(index.setdefault(row.teller, len(index)))
        bounds.append(bound)
        rates.append(value)
    return index, latency.build(series, bounds, rates, len(index))


def _read_volumes(harvest: Harvest, groups: tuple[str, ...]) -> dict[Teller, Volume]:
    volumes: defaultdict[Teller, Volume] = defaultdict(Volume)
    for question, name in _VOLUME_FIELDS.items():
        for labels, value in _finite(harvest.answers.get(question, ())):
            row = _row(labels, "http", groups)
            if row is not None:
                volume = volumes[row.teller]
                setattr(volume, name, (getattr(volume, name) or 0.0) + value)
    return dict(volumes)
