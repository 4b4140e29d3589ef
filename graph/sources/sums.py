"""PromQL for a reader: the series of one entity, added up the way the whole mesh's are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.core.outcomes import FAILED_CONNECTION
from graph.core.wire import Protocol
from graph.sources.matching import flagged
from graph.sources.naming import Matcher, Naming
from graph.sources.promql import DURATION, MOSTLY_BORN, QUESTIONS, first_values, once, rate
from graph.sources.shape import Shape

REQUESTS = "istio_requests_total"
OPENED, CLOSED = "istio_tcp_connections_opened_total", "istio_tcp_connections_closed_total"
_SECONDS = "istio_request_duration_seconds"
# What counts as an error, by protocol; each group of matchers is a sum of its own.
ERRORS: dict[Protocol, tuple[list[Matcher], ...]] = {
    "http": ([("response_code", "=~", "0|5..")],),
    "grpc": (
        [("grpc_response_status", "!~", "0|")],
        [("grpc_response_status", "=~", "0|"), ("response_code", "=~", "5..")],
    ),
    "tcp": (),
}
CLIENT_ERRORS: dict[Protocol, tuple[list[Matcher], ...]] = {
    "http": ([("response_code", "=~", "4..")],),
    "grpc": ([("response_code", "=~", "4.."), ("grpc_response_status", "=~", "0|")],),
    "tcp": (),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """A query, and the selections of series that it adds up, to be counted."""

    promql: str
    series: frozenset[str] = frozenset()

    def joined(self, text: str, *others: "Sum") -> "Sum":
        """Return ``text`` as a query over this one's series and others'."""
        return Sum(text, self.series.union(*(other.series for other in others)))


@dataclass(frozen=True, slots=True)
class Sums:
    """Writes queries for one window of one mesh."""

    window_s: int
    naming: Naming
    shape: Shape

    def rate(self, metric: str, where: Iterable[Matcher], by: Sequence[str] = ()) -> Sum:
        """Return the rate of the chosen series together, or by some labels."""
        matchers = tuple(where)

        def chosen(more: tuple[Matcher, ...]) -> str:
            return once(
                self.shape,
                lambda some: rate(self.naming, metric, self.window_s, (*matchers, *some, *more)),
            )

        series = frozenset({self.naming.series(metric, matchers)})
        marker = self.shape.ztunnel if metric.startswith("istio_tcp_") else None
        if marker is None:
            return Sum(self._sum(chosen(()), by), series)
        # What a ztunnel counted stands only where no other proxy counted the same.
        label, _, pattern = marker
        others, ztunnels = chosen(((label, "!~", pattern),)), chosen((marker,))
        return Sum(f"{self._sum(others, by)} or {self._sum(ztunnels, by)}", series)

    def _sum(self, expression: str, by: Sequence[str]) -> str:
        grouping = f" by ({self.naming.by(by)}) " if by else ""
        return f"sum{grouping}({expression})"

    def births(self, question: str, where: Iterable[Matcher]) -> Sum | None:
        """Return what the chosen series counted before they were first seen, per second."""
        metric = QUESTIONS[question].metric
        if not self.shape.births_on or self.naming.metric(metric).is_rate:
            return None
        matchers = tuple(where)
        first = once(
            self.shape,
            lambda some: first_values(
                self.naming, metric, self.window_s, self.shape, (*matchers, *some)
            ),
            "min",
        )
        most = once(
            self.shape,
            lambda some: (
                f"max_over_time({self.naming.series(metric, (*matchers, *some))}[{self.window_s}s])"
            ),
        )
        text = f"sum(({first}) > ({most}) / {MOSTLY_BORN}) / {self.window_s}"
        return Sum(text, frozenset({self.naming.series(metric, matchers)}))

    def added(self, parts: Iterable[Sum]) -> Sum:
        """Return the sum of queries of which any may have no series."""
        every = list(parts)
        text = " + ".join(f"({part.promql} or vector(0))" for part in every)
        return Sum(text, frozenset().union(*(part.series for part in every)))

    def ratio(self, above: Iterable[Sum], below: Iterable[Sum]) -> Sum:
        """Return a share; nothing when there is nothing below."""
        top, bottom = self.added(above), self.added(below)
        return top.joined(f"({top.promql}) / ({bottom.promql})", bottom)

    def mean_ms(self, where: Sequence[Matcher]) -> Sum:
        """Return the mean response time."""
        totals, counts = self._duration("sum", where), self._duration("count", where)
        if not self.shape.mixer_1:
            return totals[0].joined(f"{totals[0].promql} / {counts[0].promql}", counts[0])
        top, bottom = self.added(totals), self.added(counts)
        return top.joined(f"({top.promql}) / ({bottom.promql})", bottom)

    def _duration(self, part: str, where: Sequence[Matcher]) -> list[Sum]:
        if DURATION in self.shape.native:
            whole = self.rate(DURATION, where)
            return [Sum(f"histogram_{part}({whole.promql})", whole.series)]
        made = [self.rate(f"{DURATION}_{part}", where)]
        if self.shape.mixer_1:
            old = self.rate(f"{_SECONDS}_{part}", where)
            made.append(Sum(f"1000 * {old.promql}", old.series) if part == "sum" else old)
        return made

    def quantile_ms(self, quantile: str, where: Sequence[Matcher]) -> Sum:
        """Return a quantile of the response time, by Prometheus itself."""
        if DURATION in self.shape.native:
            buckets = self.rate(DURATION, where)
        else:
            buckets = self.rate(f"{DURATION}_bucket", where, by=["le"])
        return Sum(f"histogram_quantile({quantile}, {buckets.promql})", buckets.series)

    def mixer_quantile_ms(self, quantile: str, where: Sequence[Matcher]) -> Sum | None:
        """Return the same by Mixer's histograms, None when there are none."""
        if not self.shape.mixer_1:
            return None
        buckets = self.rate(f"{_SECONDS}_bucket", where, by=["le"])
        return Sum(f"1000 * histogram_quantile({quantile}, {buckets.promql})", buckets.series)

    def bytes(self, metric: str, where: Sequence[Matcher]) -> Sum:
        """Return the bytes per second that a histogram of sizes counts."""
        if metric in self.shape.native:
            whole = self.rate(metric, where)
            return Sum(f"histogram_sum({whole.promql})", whole.series)
        return self.rate(f"{metric}_sum", where)

    def failed_connections(self, where: Sequence[Matcher]) -> Sum:
        """Return the share of connections that failed, of all that were tried."""
        failed = self.rate(CLOSED, [*where, flagged(FAILED_CONNECTION)])
        opened, closed = self.rate(OPENED, where), self.rate(CLOSED, where)
        apart = f'label_replace({closed.promql}, "of", "closed", "", "")'
        text = f"({failed.promql} or vector(0)) / max(({opened.promql}) or {apart})"
        return failed.joined(text, opened, closed)
