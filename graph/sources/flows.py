"""The lines of flows of traffic: which sums make their rates, outcomes, times and volumes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from graph.core.origins import Behind, EdgeOrigin
from graph.core.wire import Protocol
from graph.sources.line import Line, Reporter
from graph.sources.matching import LOST, Where
from graph.sources.naming import Matcher
from graph.sources.selecting import Part, Selecting
from graph.sources.sums import CLIENT_ERRORS, CLOSED, ERRORS, REQUESTS, Sum, Sums

QUANTILES = (("p50", "0.5"), ("p90", "0.9"), ("p95", "0.95"), ("p99", "0.99"))
OUTCOME = ("request_protocol", "response_code", "grpc_response_status", "response_flags")
_BORN = "requests before their series were first seen, spread over the window"
_ADDED = ", added to the line above"
_LESS = ", less the share that callers drawn beside it count themselves"
TCP_SENT, TCP_RECEIVED = "istio_tcp_sent_bytes_total", "istio_tcp_received_bytes_total"


@dataclass(frozen=True, slots=True)
class Flow:
    """The series behind the numbers of one protocol, by what they are for."""

    protocol: Protocol
    counted: list[Part]
    lost: list[Part]
    moved: list[Part]
    timed: list[Part]

    @classmethod
    def of(cls, protocol: Protocol, behind: Behind, selecting: Selecting) -> "Flow":
        """Return the series of some accounts."""
        counted = selecting.parts(behind.counted)
        # Mostly the same accounts are behind all of an edge's numbers.
        moved, timed = (
            counted if entries == behind.counted else selecting.parts(entries)
            for entries in (behind.moved, behind.timed)
        )
        return cls(protocol, counted, selecting.parts(behind.lost), moved, timed)

    @classmethod
    def by_protocol(cls, edges: Iterable[EdgeOrigin], selecting: Selecting) -> "list[Flow]":
        """Return the flows of some edges together, by protocol."""
        behind: dict[Protocol, list[Behind]] = {}
        for edge in edges:
            behind.setdefault(edge.protocol, []).append(edge.total)
        return [
            cls.of(protocol, Behind.of(each), selecting)
            for protocol, each in sorted(behind.items())
        ]

    @property
    def all_counted(self) -> Part:
        return together(self.counted)

    @property
    def all_timed(self) -> Part:
        return together(self.timed)


def together(parts: Sequence[Part]) -> Part:
    """Return the series of several reporters as one selection."""
    old = [part.old for part in parts if part.old is not None]
    where = reduce(Where.__or__, (part.where for part in parts))
    return Part(parts[0].reporter, where, reduce(Where.__or__, old) if old else None)


class Flows:
    """Writes the lines of flows."""

    def __init__(self, sums: Sums) -> None:
        self._sums = sums

    def flow(self, flow: Flow, prefix: str) -> Iterator[Line]:
        """Yield every line of an edge's flow, under a prefix for one side's."""
        if flow.protocol == "tcp":
            yield from self._tcp(flow, prefix)
            if not prefix:
                yield from self._identities(flow.counted, TCP_RECEIVED, "bytes")
            return
        yield from self.requests([flow], prefix)
        yield from self.shares([flow], prefix)
        yield from self._outcomes([flow], prefix)
        yield from self._latency([flow], prefix)
        yield from self.volume([flow], prefix)
        if flow.protocol == "grpc":
            yield from self._messages(flow, prefix)
        if not prefix:
            yield from self._identities(flow.counted, REQUESTS, "requests")

    def lent(self, parts: Iterable[Part]) -> Iterator[Line]:
        """Yield what others know of the security of an edge's connections."""
        meaning = "bytes of the connections below by security policy, in want of a better word"
        for reporter, where, *_ in parts:
            query = self._sums.rate(TCP_RECEIVED, where, by=["connection_security_policy"])
            yield Line("mtls", meaning, reporter, query, False)

    def requests(self, flows: Sequence[Flow], prefix: str) -> Iterator[Line]:
        """Yield how many requests there were."""
        return _added(self._requests(flows, f"{prefix}rps"))

    def _requests(self, flows: Sequence[Flow], field: str) -> Iterator[Line]:
        for part in (part for flow in flows for part in flow.counted):
            meaning = f"requests that ended, counted by the {part.reporter} proxy"
            yield Line(field, meaning, part.reporter, self._sums.rate(REQUESTS, part.where))
            if (born := self._sums.births("requests", part.where)) is not None:
                yield Line(field, _BORN, part.reporter, born)
            for old in self._old("istio_request_count", part):
                yield Line(field, "requests that Mixer 0.x counted", part.reporter, old)
        for part in (part for flow in flows for part in flow.lost):
            where = part.where.plus(LOST)
            meaning = "failures that only the calling proxy saw"
            yield Line(field, meaning, "source", self._sums.rate(REQUESTS, where))
            if (born := self._sums.births("requests", where)) is not None:
                yield Line(field, f"of these failures: {_BORN}", "source", born)

    def _old(self, metric: str, part: Part, *more: Matcher) -> list[Sum]:
        """Return what a mesh's oldest proxies counted of the same services, if it has such."""
        return [] if part.old is None else [self._sums.rate(metric, part.old.plus(*more))]

    def shares(self, flows: Sequence[Flow], prefix: str) -> Iterator[Line]:
        """Yield the shares of failures among several flows."""
        reporter = _first([part for flow in flows for part in flow.counted])
        for field, meaning, bad in (
            ("error_ratio", "failed: HTTP 5xx, no response, gRPC status 1-16", ERRORS),
            ("client_error_ratio", "the caller is to blame for: HTTP 4xx", CLIENT_ERRORS),
        ):
            if flows:
                share = self._share(flows, bad)
                yield Line(prefix + field, f"share of them that {meaning}", reporter, share)

    def _share(
        self, flows: Sequence[Flow], bad: Mapping[Protocol, tuple[list[Matcher], ...]]
    ) -> Sum:
        """Return the query for the share of bad outcomes among all requests of the flows."""
        failed = (
            one for flow in flows for matchers in bad[flow.protocol]
            for one in self._ended(flow, *matchers)
        )  # fmt: skip
        return self._sums.ratio(failed, (one for flow in flows for one in self._ended(flow)))

    def _ended(self, flow: Flow, *matchers: Matcher) -> Iterator[Sum]:
        for part in flow.counted:
            yield from self._sums.counted("requests", part.where.plus(*matchers))
            yield from self._old("istio_request_count", part, *matchers)
        for part in flow.lost:
            yield from self._sums.counted("requests", part.where.plus(LOST, *matchers))

    def answers(self, flows: Sequence[Flow], prefix: str) -> Iterator[Line]:
        """Yield outcomes, latency, security and identities."""
        yield from self._outcomes(flows, prefix)
        yield from self._latency(flows, prefix)
        yield from self._identities(
            [part for flow in flows for part in flow.counted], REQUESTS, "requests"
        )

    def _outcomes(self, flows: Sequence[Flow], prefix: str) -> Iterator[Line]:
        field = f"{prefix}responses"
        meaning = "requests by response code, gRPC status and Envoy's flags"
        for flow in flows:
            for part in flow.counted:
                query = self._sums.rate(REQUESTS, part.where, by=OUTCOME)
                yield Line(field, meaning, part.reporter, query)
            for part in flow.lost:
                query = self._sums.rate(REQUESTS, part.where.plus(LOST), by=OUTCOME)
                yield Line(field, "the same, where no server was reached", "source", query)

    def _latency(self, flows: Sequence[Flow], prefix: str) -> Iterator[Line]:
        every = [part for flow in flows for part in flow.timed]
        if not every:
            return
        reporter, where, old, _ = together(every)
        measured = f"measured by the {'caller' if reporter == 'source' else 'server'}'s proxy"
        meaning = f"mean response time in milliseconds, {measured}"
        yield Line(f"{prefix}latency_ms.avg", meaning, reporter, self._sums.mean_ms(where, old))
        for name, quantile in QUANTILES:
            field = f"{prefix}latency_ms.{name}"
            meaning = f"{name} of the response time in milliseconds, {measured}"
            yield Line(field, meaning, reporter, self._sums.quantile_ms(quantile, where))
            for mixer in self._sums.mixer_quantiles_ms(quantile, where, old):
                yield Line(field, f"{meaning}, of Mixer's share", reporter, mixer)

    def _identities(self, parts: Iterable[Part], metric: str, what: str) -> Iterator[Line]:
        for reporter, where, *_ in parts:
            if reporter != "source":
                meaning = f"{what} by security policy; only the server's proxy knows it"
                query = self._sums.rate(metric, where, by=["connection_security_policy"])
                yield Line("mtls", meaning, reporter, query)
            query = self._sums.rate(metric, where, by=["source_principal", "destination_principal"])
            yield Line("principals", f"{what} by the identities of both ends", reporter, query)
            query = self._sums.rate(metric, where, by=["destination_service"])
            yield Line("hosts", f"{what} by the host that was asked for", reporter, query)

    def volume(self, flows: Sequence[Flow], prefix: str) -> Iterator[Line]:
        """Yield the bytes of requests and responses."""
        for field, metric, old, meaning in (
            ("sent_bps", "istio_response_bytes", "istio_response_size_sum", "response"),
            ("received_bps", "istio_request_bytes", "istio_request_size_sum", "request"),
        ):
            yield from _added(
                Line(prefix + field, f"{meaning} bytes per second", part.reporter, each)
                for flow in flows
                for part in flow.moved
                for each in (self._sums.bytes(metric, part.where), *self._old(old, part))
            )

    def _messages(self, flow: Flow, prefix: str) -> Iterator[Line]:
        for field, metric, meaning in (
            ("sent_mps", "istio_response_messages_total", "gRPC response messages per second"),
            ("received_mps", "istio_request_messages_total", "gRPC request messages per second"),
        ):
            # Message counters have no request_protocol label.
            yield from _added(
                Line(
                    prefix + field,
                    meaning,
                    part.reporter,
                    self._sums.rate(metric, part.where.without("request_protocol")),
                )
                for part in flow.moved
            )

    def _tcp(self, flow: Flow, prefix: str) -> Iterator[Line]:
        yield from self.tcp_bytes(flow, prefix)
        for field, question, what in (
            ("connections_per_s", "tcp_opened", "opened"),
            ("connections_closed_per_s", "tcp_closed", "closed"),
        ):
            yield from _added(self._connections(flow, prefix + field, question, what))
        reporter = _first(flow.counted)
        meaning = "connections closed per second, by Envoy's flags"
        for part in flow.counted:
            closed = self._sums.rate(CLOSED, part.where, by=["response_flags"])
            for left in self._sums.left([closed], "tcp_closed", part.rest):
                yield Line(f"{prefix}responses", meaning + _less(part), part.reporter, left, False)
        for part in flow.lost:
            closed = self._sums.rate(CLOSED, part.where.plus(LOST), by=["response_flags"])
            meaning = "the same, where no server was reached"
            yield Line(f"{prefix}responses", meaning, part.reporter, closed, False)
        meaning = "share of connections that failed, by Envoy's flags"
        failed = self._sums.failed_connections(
            [(part.where, part.rest) for part in flow.counted], [part.where for part in flow.lost]
        )
        yield Line(f"{prefix}error_ratio", meaning, reporter, failed, False)

    def _connections(self, flow: Flow, field: str, question: str, what: str) -> Iterator[Line]:
        for part in flow.counted:
            meanings = (
                f"TCP connections {what} per second{_less(part)}",
                f"TCP connections {what} before their series were first seen{_less(part)}",
            )
            made = self._sums.left(self._sums.counted(question, part.where), question, part.rest)
            for meaning, each in zip(meanings, made, strict=False):
                yield Line(field, meaning, part.reporter, each, False)

    def tcp_bytes(self, flow: Flow, prefix: str) -> Iterator[Line]:
        """Yield the bytes of connections."""
        for field, metric, meaning in (
            ("sent_bps", TCP_SENT, "TCP bytes sent back, per second"),
            ("received_bps", TCP_RECEIVED, "TCP bytes received, per second"),
        ):
            yield from _added(
                Line(prefix + field, f"{meaning}{_less(part)}", part.reporter, each, False)
                for part in flow.moved
                for each in self._tcp_rates(metric, field, part)
            )

    def _tcp_rates(self, metric: str, field: str, part: Part) -> list[Sum]:
        name = field.removesuffix("_bps")
        made = self._sums.left([self._sums.rate(metric, part.where)], f"tcp_{name}", part.rest)
        return [*made, *self._old(f"istio_tcp_bytes_{name}", part)]


def _less(part: Part) -> str:
    return _LESS if part.rest else ""


def _first(parts: Sequence[Part]) -> Reporter:
    return parts[0].reporter if parts else "source"


def _added(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines of one field, all but the first with the word that they are to be added."""
    for place, line in enumerate(lines):
        yield line._replace(meaning=line.meaning + _ADDED) if place else line
