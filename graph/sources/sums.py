"""PromQL for a reader: the series of one entity, added up the way the whole mesh's are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from graph.core.outcomes import FAILED_CONNECTION
from graph.core.wire import Protocol
from graph.sources.matching import LOST, Rest, Where, flagged
from graph.sources.naming import Matcher, Naming
from graph.sources.promql import DURATION, MOSTLY_BORN, QUESTIONS, first_values, once, rate
from graph.sources.shape import Shape

REQUESTS = "istio_requests_total"
OPENED, CLOSED = "istio_tcp_connections_opened_total", "istio_tcp_connections_closed_total"
_SECONDS = "istio_request_duration_seconds"  # Mixer 1.x
_OLD_SECONDS = "istio_request_duration"  # Mixer 0.x
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

    def rate(self, metric: str, where: Where, by: Sequence[str] = ()) -> Sum:
        """Return the rate of the chosen series together, or by some labels."""
        chosen = self._once(where, lambda some: rate(self.naming, metric, self.window_s, some))
        grouping = f" by ({self.naming.by(by)}) " if by else ""
        return Sum(f"sum{grouping}({chosen})", self._series(metric, where))

    def _once(
        self, where: Where, expression: Callable[[tuple[Matcher, ...]], str], merge: str = "max"
    ) -> str:
        """Return an expression over every alternative; a series in two of them counts once."""

        def united(some: tuple[Matcher, ...]) -> str:
            return " or ".join(expression((*each, *some)) for each in where.alternatives)

        return once(self.shape, united, merge)

    def _series(self, metric: str, where: Where) -> frozenset[str]:
        return frozenset(self.naming.series(metric, each) for each in where.alternatives)

    def births(self, question: str, where: Where, by: Sequence[str] = ()) -> Sum | None:
        """Return what the chosen series counted before they were first seen, per second."""
        metric = QUESTIONS[question].metric
        if not self.shape.births_on or self.naming.metric(metric).is_rate:
            return None

        def first(some: tuple[Matcher, ...]) -> str:
            found = first_values(self.naming, metric, self.window_s, self.shape, some)
            return f"({found})" if len(where.alternatives) > 1 else found

        def most(some: tuple[Matcher, ...]) -> str:
            return f"max_over_time({self.naming.series(metric, some)}[{self.window_s}s])"

        least, highest = self._once(where, first, "min"), self._once(where, most)
        grouping = f" by ({self.naming.by(by)}) " if by else ""
        text = f"sum{grouping}(({least}) > ({highest}) / {MOSTLY_BORN}) / {self.window_s}"
        return Sum(text, self._series(metric, where))

    def counted(self, question: str, where: Where, by: Sequence[str] = ()) -> list[Sum]:
        """Return what the chosen series counted, first appearances included."""
        born = self.births(question, where, by)
        made = self.rate(QUESTIONS[question].metric, where, by)
        return [made] if born is None else [made, born]

    def left(self, made: Iterable[Sum], question: str, rest: Rest | None) -> list[Sum]:
        """Return what is left of some counts without the share of callers that are told twice."""
        if rest is None:
            return list(made)
        every, known = (self.added(self.counted(question, where)) for where in rest)
        # Without traffic there is nothing to divide by, and nothing to be left.
        share = f"scalar(clamp_min(1 - ({known.promql}) / ({every.promql} > 0 or vector(1)), 0))"
        return [each.joined(f"({each.promql}) * {share}", every, known) for each in made]

    def added(self, parts: Iterable[Sum]) -> Sum:
        """Return the sum of queries of which any may have no series."""
        every = list(parts)
        text = " + ".join(f"({part.promql} or vector(0))" for part in every)
        return Sum(text, frozenset().union(*(part.series for part in every)))

    def ratio(self, above: Iterable[Sum], below: Iterable[Sum]) -> Sum:
        """Return a share; nothing when there is nothing below."""
        top, bottom = self.added(above), self.added(below)
        return top.joined(f"({top.promql}) / ({bottom.promql})", bottom)

    def mean_ms(self, where: Where, old: Where | None = None) -> Sum:
        """Return the mean response time, with the ``old`` series of Mixer 0.x."""
        totals, counts = (self._duration(part, where, old) for part in ("sum", "count"))
        if len(totals) == 1:
            return totals[0].joined(f"{totals[0].promql} / {counts[0].promql}", counts[0])
        top, bottom = self.added(totals), self.added(counts)
        return top.joined(f"({top.promql}) / (({bottom.promql}) > 0)", bottom)

    def _duration(self, part: str, where: Where, old: Where | None) -> list[Sum]:
        if DURATION in self.shape.native:
            whole = self.rate(DURATION, where)
            return [Sum(f"histogram_{part}({whole.promql})", whole.series)]
        in_seconds = [(_SECONDS, where)] if self.shape.mixer_1 else []
        in_seconds += [(_OLD_SECONDS, old)] if old is not None else []
        made = [self.rate(f"{DURATION}_{part}", where)]
        for metric, chosen in in_seconds:
            found = self.rate(f"{metric}_{part}", chosen)
            made.append(Sum(f"1000 * {found.promql}", found.series) if part == "sum" else found)
        return made

    def quantile_ms(self, quantile: str, where: Where) -> Sum:
        """Return a quantile of the response time, by Prometheus itself."""
        buckets = self.buckets(where)
        return Sum(f"histogram_quantile({quantile}, {buckets.promql})", buckets.series)

    def buckets(self, where: Where) -> Sum:
        """Return the histogram of the response times: by bound, or one native histogram."""
        if DURATION in self.shape.native:
            return self.rate(DURATION, where)
        return self.rate(f"{DURATION}_bucket", where, by=["le"])

    def mixer_buckets(self, where: Where, old: Where | None) -> list[Sum]:
        """Return the histograms of each Mixer, in seconds; none where there are none."""
        made = [self.rate(f"{_SECONDS}_bucket", where, by=["le"])] if self.shape.mixer_1 else []
        if old is not None:
            made.append(self.rate(f"{_OLD_SECONDS}_bucket", old, by=["le"]))
        return made

    def mixer_quantiles_ms(self, quantile: str, where: Where, old: Where | None) -> list[Sum]:
        """Return the same quantile by the histograms of each Mixer."""
        return [
            Sum(f"1000 * histogram_quantile({quantile}, {each.promql})", each.series)
            for each in self.mixer_buckets(where, old)
        ]

    def bytes(self, metric: str, where: Where) -> Sum:
        """Return the bytes per second that a histogram of sizes counts."""
        if metric in self.shape.native:
            whole = self.rate(metric, where)
            return Sum(f"histogram_sum({whole.promql})", whole.series)
        return self.rate(f"{metric}_sum", where)

    def failed_connections(
        self, every: Iterable[tuple[Where, Rest | None]], lost: Iterable[Where]
    ) -> Sum:
        """Return the share of connections that failed, of all that were tried.

        ``lost`` are those that only the callers' proxies saw fail.
        """
        counted = list(every)
        unreached = self._unreached(lost)
        failed = self.added([*self._failed(counted), *unreached])
        opened, closed = (
            self.added(self._ended(question, counted)) for question in ("tcp_opened", "tcp_closed")
        )
        apart = f'label_replace({closed.promql}, "of", "closed", "", "")'
        tried = f"max(({opened.promql}) or {apart})"
        if unreached:
            tried = f"({tried} + {self.added(unreached).promql})"
        return failed.joined(f"({failed.promql}) / ({tried} > 0)", opened, closed)

    def failures(
        self, every: Iterable[tuple[Where, Rest | None]], lost: Iterable[Where]
    ) -> list[Sum]:
        """Return what counts the connections that failed; see `failed_connections`."""
        return [*self._failed(every), *self._unreached(lost)]

    def _failed(self, every: Iterable[tuple[Where, Rest | None]]) -> list[Sum]:
        return self._ended("tcp_closed", every, flagged(FAILED_CONNECTION))

    def _unreached(self, lost: Iterable[Where]) -> list[Sum]:
        return [each for where in lost for each in self.counted("tcp_closed", where.plus(LOST))]

    def _ended(
        self, question: str, every: Iterable[tuple[Where, Rest | None]], *more: Matcher
    ) -> list[Sum]:
        return [
            each
            for where, rest in every
            for each in self.left(self.counted(question, where.plus(*more)), question, rest)
        ]
