"""Recording rules for what is dear to ask, made of the very queries that would be asked.

A rule records the answer to one question of the slow lane for one window, under a name of its own.
Its series carry a fingerprint of the expression, so whoever reads them knows what they are: rules
that were written for another selector, other names or another mesh have another one.

After each rule, a second one counts what it has just recorded. Its series is small, and tells when
the first was evaluated last, and that it was (docs/recording-rules.md).

Only the slow lane has rules. What the fast lane asks is cheap beside it, and is wanted as fresh as
it can be had.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graph.core.samples import SLOW_QUESTIONS
from graph.sources.naming import Matcher, Naming, escape, series
from graph.sources.promql import QUESTIONS, Question, once, rate, relabelled
from graph.sources.shape import PLAIN, Shape

# Carries the fingerprint; on every recorded series.
MARK = "meshviz"
# How many series a rule recorded, at the moment of its evaluation.
ROWS = "meshviz:rows"

_BUCKETS = "duration_buckets"
# Istio's own bounds. Most answers are far faster than most of them: what lies above a bound that
# nothing exceeded is that bound's count again.
_STEPS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (100, (250, 500, 1000)),
    (1000, (2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000)),
)
_TOP = 3_600_000
_TAIL = "meshviz_tail"

# How often rules are evaluated at most and at least.
SHORTEST_S, LONGEST_S = 15, 120
# A rule that was evaluated longer ago than this many of its intervals has stopped.
_MISSED = 2.0
_UNITS = ((3600, "h"), (60, "m"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One question's answer for one window, recorded every ``interval_s``."""

    question: str
    window_s: int
    brief: bool
    promql: str

    @property
    def fingerprint(self) -> str:
        """What tells this expression from any other."""
        return hashlib.sha256(self.promql.encode()).hexdigest()[:10]

    @property
    def record(self) -> str:
        """The name of the recorded series."""
        return f"meshviz:{QUESTIONS[self.question].metric}:rate{duration(self.window_s)}"

    @property
    def interval_s(self) -> int:
        """Seconds between two evaluations."""
        return interval_s(self.window_s)

    @property
    def reading(self) -> str:
        """The query for what was recorded at the very moment of the query, and at no other.

        An ordinary selector would go on telling the last value for five minutes after its rule
        stopped.
        """
        return f"max_over_time({self._recorded}[1ms])"

    @property
    def counting(self) -> str:
        """The expression of the second rule."""
        return f"count(last_over_time({self._recorded}[1ms])) or vector(0)"

    def is_fresh(self, evaluated: float | None, at: float) -> bool:
        """Tell whether a rule that was evaluated then can be believed to go on at ``at``."""
        return evaluated is not None and 0 <= at - evaluated <= _MISSED * self.interval_s

    @property
    def _recorded(self) -> str:
        return series(self.record, ((MARK, "=", self.fingerprint),))


def interval_s(window_s: int) -> int:
    """Return how often the rules of a window are evaluated: a tenth of it, within limits."""
    return min(LONGEST_S, max(SHORTEST_S, window_s // 10))


def duration(seconds: int) -> str:
    """Return a duration as Prometheus writes it."""
    unit_s, unit = next((s, unit) for s, unit in _UNITS if seconds % s == 0)
    return f"{seconds // unit_s}{unit}"


def rules(window_s: int, naming: Naming, shape: Shape, *, brief: bool) -> list[Rule]:
    """Return the rules for a window: those of the slow lane's questions that can have one."""
    # A label that no series has changes nothing, so rules need not know whether there are any.
    shape = replace(shape, operations=True)
    return [
        Rule(name, window_s, brief, _expression(name, window_s, naming, shape, brief=brief))
        for name in SLOW_QUESTIONS
        if _can_be_ruled(QUESTIONS[name], naming, shape)
    ]


def _can_be_ruled(question: Question, naming: Naming, shape: Shape) -> bool:
    is_native = any(question.metric.startswith(name) for name in shape.native)
    return not is_native and not naming.metric(question.metric).is_rate


def _expression(name: str, window_s: int, naming: Naming, shape: Shape, *, brief: bool) -> str:
    question = QUESTIONS[name]
    rows = question.promql(window_s, brief=brief, naming=naming, shape=shape)
    if name != _BUCKETS:
        return rows
    labels = [label for label in question.grouping(shape, brief=brief) if label != "le"]
    return _told(rows, _Totals(question.metric, window_s, naming, shape, naming.by(labels)))


@dataclass(frozen=True, slots=True)
class _Totals:
    """Writes sums over one bound of all histograms."""

    metric: str
    window_s: int
    naming: Naming
    shape: Shape
    by: str

    def of(self, bound: int) -> str:
        """Return the rates of answers that were at most this slow."""
        return self._sum(("le", "=~", "|".join(map(escape, _spellings(bound)))))

    @property
    def whole(self) -> str:
        """The rates of all answers."""
        return self._sum(("le", "=", "+Inf"))

    def _sum(self, matcher: Matcher) -> str:
        rates = once(
            self.shape,
            lambda some: rate(self.naming, self.metric, self.window_s, (*some, matcher)),
        )
        return f"sum by ({self.by}) ({rates})"


def _told(rows: str, totals: _Totals) -> str:
    """Return the rows without buckets that only repeat a lower one.

    Their number is a third then; what reads buckets fills such gaps from below. Histograms without
    Istio's highest bound have bounds of their own and stay whole, as does that bound itself: bounds
    are told by it (`graph.core.latency`).
    """
    repeating = []
    for number, (bound, above) in enumerate(_STEPS, start=1):
        spellings = "|".join(escape(text) for one in above for text in _spellings(one))
        rows = relabelled(rows, _TAIL, str(number), "le", spellings)
        full = f"{totals.whole} <= {totals.of(bound)} and {totals.of(_TOP)}"
        repeating.append(relabelled(full, _TAIL, str(number)))
    either = " or ".join(repeating)
    return f"sum without ({_TAIL}) ({rows} unless on ({totals.by}, {_TAIL}) ({either}))"


def _spellings(bound: int) -> tuple[str, ...]:
    """Return a bound as proxies write it and as Prometheus 3 does: 1000, 1000.0, 1.8e+06."""
    return (str(bound), f"{bound:.1f}" if bound < 1e6 else f"{bound / 1e6:g}e+06")


def group(found: Iterable[Rule]) -> Mapping[str, object]:
    """Return the rules of one window as a group of Prometheus' rule files."""
    chosen = list(found)
    first = chosen[0]
    return {
        "name": f"meshviz-{duration(first.window_s)}",
        "interval": duration(first.interval_s),
        "rules": [entry for rule in chosen for entry in _entries(rule)],
    }


def _entries(rule: Rule) -> list[Mapping[str, object]]:
    mark = {MARK: rule.fingerprint}
    about = {"question": rule.question, "window": duration(rule.window_s)}
    return [
        {"record": rule.record, "expr": rule.promql, "labels": mark},
        {"record": ROWS, "expr": rule.counting, "labels": {**mark, **about}},
    ]


def loaded() -> str:
    """Return the query for which rules there are, by fingerprint."""
    return f"count by ({MARK}) ({ROWS})"


def recorded() -> str:
    """Return the query for how many rows each rule recorded last, by fingerprint."""
    return f"max by ({MARK}) ({ROWS})"


def evaluations(fingerprints: Iterable[str]) -> str:
    """Return the query for when each of these rules last recorded anything, in unix seconds."""
    chosen = series(ROWS, ((MARK, "=~", "|".join(sorted(fingerprints))),))
    return f"max by ({MARK}) (timestamp({chosen}) and {chosen} > 0)"


def plain(windows_s: Iterable[int], naming: Naming | None = None) -> list[Mapping[str, object]]:
    """Return the groups for an ordinary mesh."""
    return groups(windows_s, naming or Naming(), PLAIN, brief=True)


def groups(
    windows_s: Iterable[int], naming: Naming, shape: Shape, *, brief: bool
) -> list[Mapping[str, object]]:
    """Return one group of rules for each window."""
    every = (rules(window_s, naming, shape, brief=brief) for window_s in windows_s)
    return [group(found) for found in every if found]
