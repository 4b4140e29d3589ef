"""Reading what recording rules computed beforehand, as long as they do.

Rules are used for a tick when their own count of rows says that they were evaluated within two of
their intervals, and recorded something. The whole lane is then asked for that moment, so that
everything in it is of one window, and what has no rules gives the same as rules would.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from graph.sources import answers, rulebook
from graph.sources.base import Garbled, Rejected
from graph.sources.body import Body
from graph.sources.naming import Naming
from graph.sources.plan import Part
from graph.sources.rulebook import MARK, Rule
from graph.sources.shape import Shape

# A group takes its time: a part of the shortest interval.
_PATIENCE = 1 / 3

Query = Callable[[str, float | None, str], Body]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a lane is asked, and for which moment."""

    at: float
    parts: list[Part]
    # What to ask in place of a part, by its place, if rules should not have recorded anything.
    instead: Mapping[int, Part] = field(default_factory=dict)
    # When there may be something newer.
    next_at: float | None = None
    queries: int = 0


def candidates(
    window_s: int, naming: Naming, shape: Shape, loaded: Iterable[str], *, brief: bool
) -> list[Rule]:
    """Return the rules that are loaded and record what would be asked.

    Full names do where brief ones would, but not the other way round.
    """
    there = frozenset(loaded)
    if not there:
        return []
    kinds = (True, False) if brief else (False,)
    chosen: dict[str, Rule] = {}
    for kind in kinds:
        for rule in rulebook.rules(window_s, naming, shape, brief=kind):
            if rule.fingerprint in there:
                chosen.setdefault(rule.question, rule)
    return list(chosen.values())


def with_rules(parts: list[Part], rules: list[Rule], at: float, query: Query) -> Asked:
    """Return how a lane is asked with these rules; without them while they are not fresh.

    Raises Unavailable when Prometheus does not answer.
    """
    if not rules:
        return Asked(at, parts)
    evaluated = _evaluations(rules, at, query)
    fresh = {
        rule.question: rule for rule in rules if rule.is_fresh(evaluated.get(rule.fingerprint), at)
    }
    if not fresh:
        return Asked(at, parts, queries=1)
    moment = max(evaluated[rule.fingerprint] for rule in fresh.values())
    # Rules of one window are one group, evaluated together; one that lags has just failed.
    instead = {
        place: part
        for place, part in enumerate(parts)
        if part.is_todays
        and part.question in fresh
        and evaluated[fresh[part.question].fingerprint] == moment
    }
    asked = [
        _reading(part, fresh[part.question]) if place in instead else part
        for place, part in enumerate(parts)
    ]
    shortest_s = min(rule.interval_s for rule in fresh.values())
    next_at = moment + shortest_s + rulebook.SHORTEST_S * _PATIENCE
    return Asked(moment, asked, instead, next_at, 1)


def _reading(part: Part, rule: Rule) -> Part:
    # The rule's mark stays among the labels, which answers share: nobody reads it there.
    return Part(part.question, rule.reading, part.read)


def _evaluations(rules: list[Rule], at: float, query: Query) -> Mapping[str, float]:
    """Return when each rule last recorded something, by fingerprint."""
    promql = rulebook.evaluations(rule.fingerprint for rule in rules)
    try:
        rows = answers.vector(query(promql, at, "rules"))
    except (Rejected, Garbled):
        return {}
    return {labels.get(MARK, ""): value for labels, value in rows}
