"""The lines of one flow of traffic: which sums make its rates, outcomes, times and volumes."""

from collections.abc import Iterator, Mapping, Sequence

from graph.core.wire import Protocol
from graph.sources.line import Line, Series
from graph.sources.matching import mixer_0_ends
from graph.sources.naming import Matcher
from graph.sources.sums import CLIENT_ERRORS, CLOSED, ERRORS, OPENED, REQUESTS, Sum, Sums

_QUANTILES = (("p50", "0.5"), ("p90", "0.9"), ("p95", "0.95"), ("p99", "0.99"))
_OUTCOME = ("request_protocol", "response_code", "grpc_response_status", "response_flags")
_BORN = "requests before their series were first seen, spread over the window"
_TCP_SENT, _TCP_RECEIVED = "istio_tcp_sent_bytes_total", "istio_tcp_received_bytes_total"


class Flows:
    """Writes the lines of flows, given the series behind them."""

    def __init__(self, sums: Sums) -> None:
        self._sums = sums

    def flow(self, series: Series, prefix: str) -> Iterator[Line]:
        """Yield every line of an edge's flow, under a prefix for one side's."""
        if series.protocols == ("tcp",):
            yield from self._tcp(series, prefix)
            if not prefix:
                yield from self._identities(series, _TCP_RECEIVED, "bytes")
            return
        yield from self.requests(series, prefix)
        yield from self.shares([series], prefix)
        yield from self._outcomes(series, prefix)
        yield from self._latency(series, prefix)
        yield from self.volume(series, prefix)
        if "grpc" in series.protocols:
            yield from self._messages(series, prefix)
        if not prefix:
            yield from self._identities(series, REQUESTS, "requests")

    def requests(self, series: Series, prefix: str) -> Iterator[Line]:
        """Yield how many requests there were."""
        reporter, where, lost, *_ = series
        by = f"requests that ended, counted by the {reporter} proxy"
        yield Line(f"{prefix}rps", by, reporter, self._sums.rate(REQUESTS, where))
        if (born := self._sums.births("requests", where)) is not None:
            yield Line(f"{prefix}rps", _BORN, reporter, born)
        if lost is not None:
            meaning = "failures that only the calling proxy saw, added to the server's count"
            yield Line(f"{prefix}rps", meaning, "source", self._sums.rate(REQUESTS, lost))
            if (born := self._sums.births("requests", lost)) is not None:
                yield Line(f"{prefix}rps", f"of these failures: {_BORN}", "source", born)
        for old in self._mixer_0(where):
            yield Line(f"{prefix}rps", "requests that Mixer 0.x counted", reporter, old)

    def shares(self, every: list[Series], prefix: str) -> Iterator[Line]:
        """Yield the shares of failures among several series."""
        if not every:
            return
        reporter = every[0].reporter
        meaning = "share of them that failed: HTTP 5xx, no response, gRPC status 1-16"
        yield Line(f"{prefix}error_ratio", meaning, reporter, self._share(every, ERRORS))
        meaning = "share of them that the caller is to blame for: HTTP 4xx"
        blamed = self._share(every, CLIENT_ERRORS)
        yield Line(f"{prefix}client_error_ratio", meaning, reporter, blamed)

    def _mixer_0(self, where: Sequence[Matcher], *more: Matcher) -> list[Sum]:
        """Return what a mesh's oldest proxies counted of the same services, if it has such."""
        return [
            self._sums.rate("istio_request_count", [*matchers, *more])
            for matchers in self._mixer_0_ends(where)
        ]

    def _mixer_0_ends(self, where: Sequence[Matcher]) -> Iterator[list[Matcher]]:
        told = {label: value for label, op, value in where if op == "="}
        is_served = told.get("reporter") == "destination"
        is_wanted = self._sums.shape.mixer_0 and is_served
        matchers = list(mixer_0_ends(told)) if is_wanted else []
        if matchers and told.get("request_protocol") != "grpc":
            yield matchers

    def _share(self, every: list[Series], bad: Mapping[Protocol, tuple[list[Matcher], ...]]) -> Sum:
        """Return the query for the share of bad outcomes among all requests of the series."""
        failed: list[Sum] = []
        ended: list[Sum] = []
        for series in every:
            groups = [series.where, *([series.lost] if series.lost is not None else [])]
            failed += (
                part
                for where in groups
                for protocol in series.protocols
                for matchers in bad[protocol]
                for part in self._counted([*_with_protocol(where, protocol), *matchers])
            )
            ended += (part for where in groups for part in self._counted(where))
            for matchers in bad["http"]:
                failed += self._mixer_0(series.where, *matchers)
            ended += self._mixer_0(series.where)
        return self._sums.ratio(failed, ended)

    def _counted(self, where: list[Matcher]) -> list[Sum]:
        """Return the requests of the chosen series, first appearances included."""
        born = self._sums.births("requests", where)
        return [self._sums.rate(REQUESTS, where), *([born] if born is not None else [])]

    def answers(self, series: Series, prefix: str) -> Iterator[Line]:
        """Yield outcomes, latency, security and identities."""
        yield from self._outcomes(series, prefix)
        yield from self._latency(series, prefix)
        yield from self._identities(series, REQUESTS, "requests")

    def _outcomes(self, series: Series, prefix: str) -> Iterator[Line]:
        field = f"{prefix}responses"
        meaning = "requests by response code, gRPC status and Envoy's flags"
        query = self._sums.rate(REQUESTS, series.where, by=_OUTCOME)
        yield Line(field, meaning, series.reporter, query)
        if series.lost is not None:
            query = self._sums.rate(REQUESTS, series.lost, by=_OUTCOME)
            yield Line(field, "the same, where no server was reached", "source", query)

    def _latency(self, series: Series, prefix: str) -> Iterator[Line]:
        reporter, where = series.reporter, series.timed
        measured = f"measured by the {'caller' if reporter == 'source' else 'server'}'s proxy"
        meaning = f"mean response time in milliseconds, {measured}"
        yield Line(f"{prefix}latency_ms.avg", meaning, reporter, self._sums.mean_ms(where))
        for name, quantile in _QUANTILES:
            field = f"{prefix}latency_ms.{name}"
            meaning = f"{name} of the response time in milliseconds, {measured}"
            yield Line(field, meaning, reporter, self._sums.quantile_ms(quantile, where))
            if (old := self._sums.mixer_quantile_ms(quantile, where)) is not None:
                yield Line(field, f"{meaning}, of Mixer's share", reporter, old)

        for matchers in self._mixer_0_ends(where):
            yield from self._mixer_0_latency(matchers, prefix)

    def _mixer_0_latency(self, matchers: list[Matcher], prefix: str) -> Iterator[Line]:
        total, count = (
            self._sums.rate(f"istio_request_duration_{part}", matchers) for part in ("sum", "count")
        )
        meaning = "mean response time in milliseconds of the requests that Mixer 0.x counted"
        mean = total.joined(f"1000 * {total.promql} / {count.promql}", count)
        yield Line(f"{prefix}latency_ms.avg", meaning, "destination", mean)
        buckets = self._sums.rate("istio_request_duration_bucket", matchers, by=["le"])
        for name, quantile in _QUANTILES:
            text = f"1000 * histogram_quantile({quantile}, {buckets.promql})"
            meaning = f"{name} in milliseconds of the requests that Mixer 0.x counted"
            yield Line(f"{prefix}latency_ms.{name}", meaning, "destination", buckets.joined(text))

    def _identities(self, series: Series, metric: str, what: str) -> Iterator[Line]:
        reporter, where = series.reporter, series.where
        if reporter != "source":
            meaning = f"{what} by security policy; only the server's proxy knows it"
            query = self._sums.rate(metric, where, by=["connection_security_policy"])
            yield Line("mtls", meaning, reporter, query)
        query = self._sums.rate(metric, where, by=["source_principal", "destination_principal"])
        yield Line("principals", f"{what} by the identities of both ends", reporter, query)
        query = self._sums.rate(metric, where, by=["destination_service"])
        yield Line("hosts", f"{what} by the host that was asked for", reporter, query)

    def volume(self, series: Series, prefix: str) -> Iterator[Line]:
        """Yield the bytes of requests and responses."""
        reporter, where = series.reporter, series.where
        for field, metric, meaning in (
            ("sent_bps", "istio_response_bytes", "response bytes per second"),
            ("received_bps", "istio_request_bytes", "request bytes per second"),
        ):
            yield Line(prefix + field, meaning, reporter, self._sums.bytes(metric, where))

    def _messages(self, series: Series, prefix: str) -> Iterator[Line]:
        # Message counters have no request_protocol label.
        bare = [matcher for matcher in series.where if matcher[0] != "request_protocol"]
        for field, metric, meaning in (
            ("sent_mps", "istio_response_messages_total", "gRPC response messages per second"),
            ("received_mps", "istio_request_messages_total", "gRPC request messages per second"),
        ):
            yield Line(prefix + field, meaning, series.reporter, self._sums.rate(metric, bare))

    def _tcp(self, series: Series, prefix: str) -> Iterator[Line]:
        reporter, where = series.reporter, series.where
        yield from self.tcp_bytes(series, prefix)
        for field, question, metric, what in (
            ("connections_per_s", "tcp_opened", OPENED, "opened"),
            ("connections_closed_per_s", "tcp_closed", CLOSED, "closed"),
        ):
            meaning = f"TCP connections {what} per second"
            yield Line(prefix + field, meaning, reporter, self._sums.rate(metric, where), False)
            if (born := self._sums.births(question, where)) is not None:
                meaning = f"TCP connections {what} before their series were first seen"
                yield Line(prefix + field, meaning, reporter, born, False)
        meaning = "connections closed per second, by Envoy's flags"
        closed = self._sums.rate(CLOSED, where, by=["response_flags"])
        yield Line(f"{prefix}responses", meaning, reporter, closed, False)
        meaning = "share of connections that failed, by Envoy's flags"
        failed = self._sums.failed_connections(where)
        yield Line(f"{prefix}error_ratio", meaning, reporter, failed, False)

    def tcp_bytes(self, series: Series, prefix: str) -> Iterator[Line]:
        """Yield the bytes of connections."""
        for field, metric, meaning in (
            ("sent_bps", _TCP_SENT, "TCP bytes sent back"),
            ("received_bps", _TCP_RECEIVED, "TCP bytes received"),
        ):
            query = self._sums.rate(metric, series.where)
            yield Line(prefix + field, f"{meaning}, per second", series.reporter, query, False)
            for matchers in self._mixer_0_ends(series.where):
                old = self._sums.rate(f"istio_tcp_bytes_{field.removesuffix('_bps')}", matchers)
                meaning = "the same, counted by Mixer 0.x"
                yield Line(prefix + field, meaning, series.reporter, old, False)


def _with_protocol(where: list[Matcher], protocol: Protocol) -> list[Matcher]:
    if any(label == "request_protocol" for label, _, _ in where):
        return where
    return [*where, ("request_protocol", "=", protocol)]
