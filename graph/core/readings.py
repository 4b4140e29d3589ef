"""From samples to accounts: what each proxy said about each link.

Step 1  Name the two ends and the service of every series (`identity`).
Step 2  Add series into one `Account` per link and reporter. Adding is all that happens here: ratios
        and quantiles come after drawn edges are merged, so splitting a series changes nothing.
Step 3  Settle on one app and version per workload, since the two proxies may disagree.

Nothing is dropped for being zero: a series that exists without increments is an idle link.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from typing import Literal, NamedTuple

from graph.core import latency
from graph.core.identity import Link, Name, PeerKey, known, parse_link
from graph.core.outcomes import Outcome
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Harvest, Sample
from graph.core.wire import Protocol

Reporter = Literal["source", "destination", "waypoint"]
Teller = tuple[Link, Reporter]


@dataclass(slots=True)
class Account:
    """What one reporter's proxies said about one link; every number is per second."""

    outcomes: dict[Outcome, float] = field(default_factory=dict)
    security: dict[str, float] = field(default_factory=dict)
    principals: dict[tuple[str, str], float] = field(default_factory=dict)
    hosts: dict[str, float] = field(default_factory=dict)
    duration_sum_ms: float = 0.0
    duration_count: float = 0.0
    sent_bps: float | None = None
    received_bps: float | None = None
    connections_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class FastFacts:
    """The fast lane's accounts, at one evaluation time."""

    at: float
    accounts: Mapping[Teller, Account]
    names: Mapping[PeerKey, Name]
    series: int


@dataclass(slots=True)
class Volume:
    """Bytes and messages of one HTTP or gRPC link; None where Istio does not count them."""

    sent_bps: float | None = None
    received_bps: float | None = None
    sent_mps: float | None = None
    received_mps: float | None = None


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
    rules: MeshRules = DEFAULT


class _Row(NamedTuple):
    teller: Teller
    names: tuple[Name, Name]


def _row(labels: Mapping[str, str], default: Protocol) -> _Row | None:
    """Return who says what about which link; None for a reporter that is no proxy of the mesh."""
    return _parse_row(tuple(labels), tuple(labels.values()), default)


# The same label sets come back in every bucket, question and tick; 16,000 are a mesh of 1,000
# services, and 32,768 of them take about 50 MB.
@lru_cache(maxsize=32_768)
def _parse_row(names: tuple[str, ...], values: tuple[str, ...], default: Protocol) -> _Row | None:
    labels = dict(zip(names, values, strict=True))
    match labels.get("reporter", ""):
        case "destination" | "source" | "waypoint" as reporter:
            link, source, target = parse_link(labels, default)
            return _Row((link, reporter), (source, target))
        case _:
            return None


def read_fast(harvest: Harvest) -> FastFacts:
    """Return the accounts behind the fast lane's answers."""
    accounts: defaultdict[Teller, Account] = defaultdict(Account)
    names: dict[PeerKey, set[Name]] = defaultdict(set)
    series = 0
    for question, add in _FAST_ADDERS.items():
        default: Protocol = "tcp" if question.startswith("tcp_") else "http"
        for labels, value in _finite(harvest.answers.get(question, ())):
            row = _row(labels, default)
            if row is None:
                continue
            series += 1
            link = row.teller[0]
            names[link.source].add(row.names[0])
            names[link.target].add(row.names[1])
            add(accounts[row.teller], labels, value)
    return FastFacts(harvest.at, dict(accounts), _settle_names(names), series)


def _finite(samples: Sequence[Sample]) -> Iterable[Sample]:
    """Yield the samples that are numbers: rates of broken counters can be NaN."""
    return (sample for sample in samples if isfinite(sample.value))


def _settle_names(names: Mapping[PeerKey, set[Name]]) -> dict[PeerKey, Name]:
    """Return one name per peer: the fullest, then the greatest, whatever came first."""
    return {
        peer: max(
            seen, key=lambda name: (bool(name.app) + bool(name.version), name.app, name.version)
        )
        for peer, seen in names.items()
    }


def _grow(totals: dict[str, float], key: str, value: float) -> None:
    totals[key] = totals.get(key, 0.0) + value


def _add_context(account: Account, labels: Mapping[str, str], value: float) -> None:
    """Add what every traffic series carries beside its number: security, identities, host."""
    _grow(account.security, known(labels.get("connection_security_policy")), value)
    pair = (known(labels.get("source_principal")), known(labels.get("destination_principal")))
    account.principals[pair] = account.principals.get(pair, 0.0) + value
    _grow(account.hosts, known(labels.get("destination_service")), value)


def _add_requests(account: Account, labels: Mapping[str, str], value: float) -> None:
    flags = labels.get("response_flags", "")
    outcome = Outcome(
        labels.get("response_code", ""),
        labels.get("grpc_response_status", ""),
        "" if flags == "-" else flags,
    )
    account.outcomes[outcome] = account.outcomes.get(outcome, 0.0) + value
    _add_context(account, labels, value)


def _add_tcp_sent(account: Account, labels: Mapping[str, str], value: float) -> None:
    account.sent_bps = (account.sent_bps or 0.0) + value
    _add_context(account, labels, value)


def _add_tcp_received(account: Account, labels: Mapping[str, str], value: float) -> None:
    account.received_bps = (account.received_bps or 0.0) + value
    _add_context(account, labels, value)


def _add_tcp_opened(account: Account, labels: Mapping[str, str], value: float) -> None:
    account.connections_per_s = (account.connections_per_s or 0.0) + value


def _add_duration_sum(account: Account, labels: Mapping[str, str], value: float) -> None:
    account.duration_sum_ms += value


def _add_duration_count(account: Account, labels: Mapping[str, str], value: float) -> None:
    account.duration_count += value


_FAST_ADDERS: Mapping[str, Callable[[Account, Mapping[str, str], float], None]] = {
    "requests": _add_requests,
    "tcp_sent": _add_tcp_sent,
    "tcp_received": _add_tcp_received,
    "tcp_opened": _add_tcp_opened,
    "duration_sum": _add_duration_sum,
    "duration_count": _add_duration_count,
}

# "Sent" is the response direction, as in Istio's TCP metrics.
_VOLUME_FIELDS: Mapping[str, str] = {
    "response_bytes": "sent_bps",
    "request_bytes": "received_bps",
    "response_messages": "sent_mps",
    "request_messages": "received_mps",
}


def read_slow(harvest: Harvest) -> SlowFacts:
    """Return the histograms and volumes behind the slow lane's answers."""
    rows, histograms = _read_buckets(harvest.answers.get("duration_buckets", ()))
    return SlowFacts(harvest.at, rows, histograms, _read_volumes(harvest))


def _read_buckets(samples: Sequence[Sample]) -> tuple[dict[Teller, int], latency.Histograms]:
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
        row = _row(labels, "http")
        if row is None or bound is None:
            continue
        series.append(index.setdefault(row.teller, len(index)))
        bounds.append(bound)
        rates.append(value)
    return index, latency.build(series, bounds, rates, len(index))


def _read_volumes(harvest: Harvest) -> dict[Teller, Volume]:
    volumes: defaultdict[Teller, Volume] = defaultdict(Volume)
    for question, name in _VOLUME_FIELDS.items():
        # Message counters carry no request_protocol: they only exist for gRPC.
        default: Protocol = "grpc" if question.endswith("messages") else "http"
        for labels, value in _finite(harvest.answers.get(question, ())):
            row = _row(labels, default)
            if row is not None:
                volume = volumes[row.teller]
                setattr(volume, name, (getattr(volume, name) or 0.0) + value)
    return dict(volumes)
