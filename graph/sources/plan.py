"""What is asked for a lane, given what is known of the mesh: a constant list of queries.

Each part answers one of the core's questions and translates its rows to today's telemetry. Several
parts may answer the same question: their rows are different series, which the core adds up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.core import eras
from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS, Lane, Sample
from graph.sources import answers
from graph.sources.body import Body
from graph.sources.naming import Naming
from graph.sources.promql import DURATION, QUESTIONS, once, rate
from graph.sources.shape import Shape

_LANES: Mapping[Lane, tuple[str, ...]] = {"fast": FAST_QUESTIONS, "slow": SLOW_QUESTIONS}

Read = Callable[[Body], list[Sample]]


@dataclass(frozen=True, slots=True)
class Part:
    """One query, the question it answers, and how its answer is read."""

    question: str
    promql: str
    read: Read
    # Asks for the question's own counters of today, for which there may be recording rules.
    is_todays: bool = False


def parts(lane: Lane, window_s: int, naming: Naming, shape: Shape, *, brief: bool) -> list[Part]:
    """Return every query of a lane. Their number depends on the mesh's telemetry alone."""
    asking = _Asking(window_s, naming, shape, brief)
    return [part for question in _LANES[lane] for part in asking.parts(question)]


# Mixer 0.x: its metric, and what its rows are in today's units.
_MIXER_0: Mapping[str, tuple[str, str]] = {
    "requests": ("istio_request_count", "http"),
    "duration_sum": ("istio_request_duration_sum", "http"),
    "duration_count": ("istio_request_duration_count", "http"),
    "duration_buckets": ("istio_request_duration_bucket", "http"),
    "request_bytes": ("istio_request_size_sum", "http"),
    "response_bytes": ("istio_response_size_sum", "http"),
    "tcp_sent": ("istio_tcp_bytes_sent", "tcp"),
    "tcp_received": ("istio_tcp_bytes_received", "tcp"),
}
_MIXER_0_LABELS = (
    "source_service",
    "source_version",
    "destination_service",
    "destination_version",
    "response_code",
    "connection_mtls",
)
# Mixer 1.x differs in one metric only.
_MIXER_1: Mapping[str, str] = {
    "duration_sum": "istio_request_duration_seconds_sum",
    "duration_count": "istio_request_duration_seconds_count",
    "duration_buckets": "istio_request_duration_seconds_bucket",
}
_IN_MS: Mapping[str, Callable[[Iterable[Sample]], Iterable[Sample]]] = {
    "duration_sum": eras.in_milliseconds,
    "duration_buckets": eras.bounds_in_milliseconds,
}
_NATIVE: Mapping[str, str] = {
    "duration_sum": DURATION,
    "duration_count": DURATION,
    "duration_buckets": DURATION,
    "request_bytes": "istio_request_bytes",
    "response_bytes": "istio_response_bytes",
}


@dataclass(frozen=True, slots=True)
class _Asking:
    window_s: int
    naming: Naming
    shape: Shape
    brief: bool

    def parts(self, name: str) -> Iterator[Part]:
        """Yield the queries that answer one question."""
        if _NATIVE.get(name) in self.shape.native:
            yield self._native(name)
        else:
            yield self._today(name)
        question = QUESTIONS[name]
        is_rate = self.naming.metric(question.metric).is_rate
        if question.has_births and self.shape.births_on and not is_rate:
            query = question.births(
                self.window_s, brief=self.brief, naming=self.naming, shape=self.shape
            )
            yield Part(name, query, self._translate)
        if self.shape.mixer_1 and name in _MIXER_1:
            yield self._mixer_1(name)
        if self.shape.mixer_0 and name in _MIXER_0:
            yield self._mixer_0(name)

    def _today(self, name: str) -> Part:
        query = QUESTIONS[name].promql(
            self.window_s, brief=self.brief, naming=self.naming, shape=self.shape
        )
        read = self._translate_buckets if name == "duration_buckets" else self._translate
        return Part(name, query, read, is_todays=True)

    def _translate_buckets(self, body: Body) -> list[Sample]:
        return self._translated(answers.buckets(body))

    def _translate(self, body: Body) -> list[Sample]:
        return self._translated(answers.vector(body))

    def _translated(self, samples: list[Sample]) -> list[Sample]:
        if self.naming.labels:
            samples = [Sample(self.naming.istio_labels(row), value) for row, value in samples]
        return [eras.from_mixer_1(sample) for sample in samples] if self.shape.mixer_1 else samples

    def _native(self, name: str) -> Part:
        """Ask for the native histogram whole, or for its sum or count."""
        question, metric = QUESTIONS[name], _NATIVE[name]
        labels = [
            label for label in question.grouping(self.shape, brief=self.brief) if label != "le"
        ]
        rates = once(self.shape, lambda some: rate(self.naming, metric, self.window_s, some))
        whole = f"sum by ({self.naming.by(labels)}) ({rates})"
        if name == "duration_buckets":
            return Part(name, whole, self._read_histograms)
        function = "histogram_count" if name == "duration_count" else "histogram_sum"
        return Part(name, f"{function}({whole})", self._translate)

    def _read_histograms(self, body: Body) -> list[Sample]:
        rows = answers.histograms(body)
        return [Sample(self.naming.istio_labels(labels), value) for labels, value in rows]

    def _mixer_1(self, name: str) -> Part:
        labels = QUESTIONS[name].grouping(self.shape, brief=self.brief)
        query = self._sum(labels, _MIXER_1[name])

        def read(body: Body) -> list[Sample]:
            samples = [eras.from_mixer_1(sample) for sample in answers.vector(body)]
            return list(_IN_MS[name](samples)) if name in _IN_MS else samples

        return Part(name, query, read)

    def _mixer_0(self, name: str) -> Part:
        metric, protocol = _MIXER_0[name]
        bucket = ("le",) if name == "duration_buckets" else ()
        query = self._sum((*_MIXER_0_LABELS, *bucket), metric)

        def read(body: Body) -> list[Sample]:
            rows = answers.vector(body)
            samples = [eras.from_mixer_0(row, protocol) for row in rows]
            return list(_IN_MS[name](samples)) if name in _IN_MS else samples

        return Part(name, query, read)

    def _sum(self, labels: Iterable[str], metric: str) -> str:
        # Mixer reports for everybody and has no pods of its own: there are no copies to tell.
        by = self.naming.by(labels)
        return f"sum by ({by}) ({rate(self.naming, metric, self.window_s)})"
