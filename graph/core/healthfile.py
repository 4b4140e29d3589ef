"""The text of a health file to rules, as strictly as `graph.core.strict_yaml` reads it."""

import re
import warnings
from collections.abc import Callable, Mapping
from typing import get_args

from graph.core.health import (
    DEFAULT_TOLERANCES,
    Direction,
    HealthRule,
    HealthRules,
    LatencyLimit,
    Quantile,
    Tolerance,
    code_pattern,
)
from graph.core.strict_yaml import Place, read
from graph.core.wire import NodeKind, Protocol

_MAX_PATTERN = 300

_KINDS: tuple[NodeKind, ...] = get_args(NodeKind)
_PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_QUANTILES: tuple[Quantile, ...] = get_args(Quantile)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%", re.ASCII)
_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(ms|s)", re.ASCII)


def load_text(text: str, name: str) -> HealthRules:
    """Return the rules that a file's text describes; ``name`` is what errors call the file."""
    root = read(text, name, "at least one rule is accepted")
    fields = root.fields("rules")
    if "rules" not in fields:
        raise root.error("rules are missing: a list under the key rules is accepted")
    rules = tuple(_rule(entry) for entry in fields["rules"].items())
    if not rules:
        raise fields["rules"].error("the list is empty: at least one rule is accepted")
    return HealthRules(rules)


def _rule(place: Place) -> HealthRule:
    fields = place.fields("namespace", "kind", "name", "tolerances", "latency")
    tolerances, latency = fields.get("tolerances"), fields.get("latency")
    if tolerances is None and latency is None:
        raise place.error("a rule needs tolerances, latency or both")
    return HealthRule(
        namespace=_pattern(fields.get("namespace")),
        kind=_pattern(fields.get("kind"), _KINDS),
        name=_pattern(fields.get("name")),
        tolerances=(
            tuple(_tolerance(entry) for entry in tolerances.items())
            if tolerances
            else DEFAULT_TOLERANCES
        ),
        latency=tuple(_limit(entry) for entry in latency.items()) if latency else (),
    )


def _tolerance(place: Place) -> Tolerance:
    fields = place.fields("code", "protocol", "direction", "degraded", "failing")
    degraded, failing = _limits(place, fields, _share)
    return Tolerance(
        code=_code(_needed(place, fields, "code")),
        protocol=_pattern(fields.get("protocol"), _PROTOCOLS, "http|grpc"),
        direction=_pattern(fields.get("direction"), _DIRECTIONS, "inbound"),
        degraded=degraded,
        failing=failing,
    )


def _limit(place: Place) -> LatencyLimit:
    fields = place.fields("quantile", "direction", "degraded", "failing")
    degraded, failing = _limits(place, fields, _milliseconds)
    return LatencyLimit(
        quantile=_quantile(_needed(place, fields, "quantile")),
        direction=_pattern(fields.get("direction"), _DIRECTIONS, "inbound"),
        degraded_ms=degraded,
        failing_ms=failing,
    )


def _needed(place: Place, fields: Mapping[str, Place], key: str) -> Place:
    if key not in fields:
        raise place.error(f"{key} is missing")
    return fields[key]


def _limits(
    place: Place, fields: Mapping[str, Place], read: Callable[[Place], float]
) -> tuple[float, float]:
    degraded, failing = (_needed(place, fields, key) for key in ("degraded", "failing"))
    lower, upper = read(degraded), read(failing)
    if upper < lower:
        raise failing.error(
            f"failing ({failing.text()}) begins below degraded ({degraded.text()}); "
            "the same or more is accepted"
        )
    return lower, upper


def _share(place: Place) -> float:
    match = _PERCENT.fullmatch(place.text())
    if match is None or float(match[1]) > 100:
        raise place.error("a share is accepted, from 0% to 100%, with its sign: 0.5%")
    return float(match[1]) / 100


def _milliseconds(place: Place) -> float:
    match = _DURATION.fullmatch(place.text())
    if match is None or float(match[1]) <= 0:
        raise place.error("a time above zero is accepted, with its unit: 250ms or 1.5s")
    return float(match[1]) * (1000 if match[2] == "s" else 1)


def _quantile(place: Place) -> Quantile:
    for quantile in _QUANTILES:
        if place.text() == quantile:
            return quantile
    raise place.error(f"one of {', '.join(_QUANTILES)} is accepted")


def _code(place: Place) -> str:
    text = place.text()
    _compiled(place, code_pattern(text))
    return text


def _pattern(place: Place | None, words: tuple[str, ...] = (), default: str = ".*") -> str:
    """Return a regular expression; where only some words can be meant, it has to fit one."""
    if place is None:
        return default
    text = place.text()
    expression = _compiled(place, text)
    if words and not any(expression.fullmatch(word) for word in words):
        raise place.error(f"{text!r} fits none of {', '.join(words)}")
    return text


def _compiled(place: Place, text: str) -> re.Pattern[str]:
    if not text or len(text) > _MAX_PATTERN:
        raise place.error(f"a regular expression of 1 to {_MAX_PATTERN} characters is accepted")
    with warnings.catch_warnings():
        # What Python only warns of today (a "[[") means something else tomorrow.
        warnings.simplefilter("error")
        try:
            return re.compile(text, re.DOTALL)
        except (re.error, OverflowError, RecursionError, Warning) as error:
            raise place.error(f"{text!r} is not a regular expression: {error}") from error
