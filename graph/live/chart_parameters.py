"""Reads what a client asks to see of the past, as strictly as `graph.live.parameters`."""

import re
from collections.abc import Mapping

from graph.live.charts import POINTS_MAX, HistoryAsked
from graph.live.parameters import BadParameter, Query, moment, single
from graph.sources.chart import TOPICS, Topic
from graph.sources.strands import Target

TARGETS = ("node", "edge", "in_namespace")
HISTORY_PARAMETERS = (*TARGETS, "range", "end", "step", "fields", "by")
RANGES: Mapping[str, int] = {
    "5m": 300,
    "10m": 600,
    "15m": 900,
    "30m": 1800,
    "1h": 3600,
    "3h": 3 * 3600,
    "6h": 6 * 3600,
    "12h": 12 * 3600,
    "1d": 24 * 3600,
    "7d": 7 * 24 * 3600,
}
DEFAULT_RANGE = "15m"
_STEP = re.compile(r"([1-9][0-9]{0,5})(s|m|h)?")
_UNITS_S = {None: 1, "s": 1, "m": 60, "h": 3600}
_STEP_FORM = "whole seconds or minutes (15, 30s, 5m)"


def target_of(query: Query, *, entity_only: bool = False) -> Target:
    """Return what is meant; ``entity_only``: it has to be a node or an edge."""
    known = TARGETS[:2] if entity_only else TARGETS
    given = {name: value for name in known if (value := single(query, name)) is not None}
    form = ", ".join(f"{name}={'NAME' if name == 'in_namespace' else 'ID'}" for name in known)
    if len(given) > 1:
        raise BadParameter(next(iter(given)), f"more than one of {', '.join(known)}", form)
    if entity_only and not given:
        raise BadParameter("node", "exactly one of node and edge is needed", form)
    for name, value in given.items():
        if not value:
            raise BadParameter(name, "empty", form)
    return Target(given.get("node"), given.get("edge"), given.get("in_namespace"))


def history_asked(query: Query, now: float) -> HistoryAsked:
    """Return the chart that a query describes."""
    target = target_of(query)
    range_s = _range_s(query)
    return HistoryAsked(
        target,
        range_s,
        moment(query, now, "end"),
        _step_s(single(query, "step"), range_s),
        _topics(single(query, "fields")),
        _by_version(single(query, "by"), target),
    )


def _range_s(query: Query) -> int:
    name = single(query, "range")
    if name is None:
        return RANGES[DEFAULT_RANGE]
    if name not in RANGES:
        raise BadParameter("range", "no such range", ", ".join(RANGES))
    return RANGES[name]


def _step_s(text: str | None, range_s: int) -> int | None:
    if text is None:
        return None
    match = _STEP.fullmatch(text)
    if match is None:
        raise BadParameter("step", "no length of time", _STEP_FORM)
    step_s = int(match[1]) * _UNITS_S[match[2]]
    least_s = -(-range_s // POINTS_MAX)
    if not least_s <= step_s <= range_s:
        detail = f"too {'short' if step_s < least_s else 'long'} for this range"
        raise BadParameter("step", detail, f"{least_s}s to {range_s}s, in {_STEP_FORM}")
    return step_s


def _topics(text: str | None) -> tuple[Topic, ...]:
    if text is None:
        return TOPICS
    chosen = set(text.split(","))
    if not chosen <= set(TOPICS):
        raise BadParameter("fields", "no such field", f"{','.join(TOPICS)}, or some of them")
    return tuple(topic for topic in TOPICS if topic in chosen)


def _by_version(text: str | None, target: Target) -> bool:
    if text is None:
        return False
    if text != "version":
        raise BadParameter("by", "nothing that lines are told apart by", "version")
    if not target.is_entity:
        raise BadParameter("by", "only a node or an edge has versions", "node=ID or edge=ID")
    return True
