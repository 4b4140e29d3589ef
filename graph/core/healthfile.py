"""The text of a health file to rules, strictly: what cannot be meant is an error with its line.

Only scalars, lists and mappings are read, from YAML's own node tree: no object is ever made from a
tag, and anchors are refused, since a few lines of them can stand for millions of entries.

    HealthFileError   the one error: which file, which line, what is wrong and what is accepted
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

import yaml

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
from graph.core.wire import NodeKind, Protocol

# Far more than any mesh needs; it bounds the time that a wrong file can cost.
MAX_CHARACTERS = 65_536
_MAX_PATTERN = 300
_MAX_DEPTH = 8  # the deepest that a rule goes is 5

_KINDS: tuple[NodeKind, ...] = get_args(NodeKind)
_PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_QUANTILES: tuple[Quantile, ...] = get_args(Quantile)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%", re.ASCII)
_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(ms|s)", re.ASCII)


class HealthFileError(Exception):
    """The file cannot be used; ``str()`` is fit to be shown to its author."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}")
        self.name = name
        self.line = line
        self.reason = reason


def load_text(text: str, name: str) -> HealthRules:
    """Return the rules that a file's text describes; ``name`` is what errors call the file."""
    if len(text) > MAX_CHARACTERS:
        raise HealthFileError(
            name, 1, f"the file is too long: at most {MAX_CHARACTERS} characters are accepted"
        )
    root = _parse(text, name)
    fields = root.fields("rules")
    if "rules" not in fields:
        raise root.error("rules are missing: a list under the key rules is accepted")
    rules = tuple(_rule(entry) for entry in fields["rules"].items())
    if not rules:
        raise fields["rules"].error("the list is empty: at least one rule is accepted")
    return HealthRules(rules)


def _parse(text: str, name: str) -> "_Place":
    try:
        _refuse_bombs(text, name)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise HealthFileError(
            name, mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}"
        ) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise HealthFileError(name, line, "this is not YAML: a control character") from error
    except (ValueError, OverflowError) as error:  # such as an escaped character beyond Unicode
        raise HealthFileError(name, 1, f"this is not YAML: {error}") from error
    if node is None:
        raise HealthFileError(name, 1, "the file is empty: at least one rule is accepted")
    return _Place(name, "the file", node)


def _refuse_bombs(text: str, name: str) -> None:
    """Refuse what makes a short file expensive, before any tree is built from it."""
    depth = line = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else line
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            reason = "anchors (&) and aliases (*) are not accepted: quote the text, or repeat it"
            raise HealthFileError(name, line, reason)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise HealthFileError(name, line, "this is nested too deeply")


@dataclass(frozen=True, slots=True)
class _Place:
    """One node of the file, and what to call it in an error."""

    file: str
    path: str
    node: yaml.Node

    def error(self, reason: str) -> HealthFileError:
        return HealthFileError(self.file, self.node.start_mark.line + 1, f"{self.path}: {reason}")

    def fields(self, *accepted: str) -> "dict[str, _Place]":
        """Return the mapping's values; a key that is not accepted, or comes twice, is an error."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"keys with values are accepted here: {', '.join(accepted)}")
        found: dict[str, _Place] = {}
        for key_node, value in self.node.value:
            key = _Place(self.file, "a key", key_node).text()
            here = _Place(self.file, key, key_node)
            if key not in accepted:
                raise here.error(f"no such key; accepted are {', '.join(accepted)}")
            if key in found:
                raise here.error("the key is given twice")
            found[key] = _Place(self.file, key, value)
        return found

    def items(self) -> "Iterator[_Place]":
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is accepted here, each entry after a dash")
        for item in self.node.value:
            yield _Place(self.file, f"an entry of {self.path}", item)

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag.endswith((":bool", ":null")):
            raise self.error(
                'a text is accepted here; quote what YAML takes for another: "-", "no"'
            )
        text: str = self.node.value
        return text


def _rule(place: _Place) -> HealthRule:
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


def _tolerance(place: _Place) -> Tolerance:
    fields = place.fields("code", "protocol", "direction", "degraded", "failing")
    degraded, failing = _limits(place, fields, _share)
    return Tolerance(
        code=_code(_needed(place, fields, "code")),
        protocol=_pattern(fields.get("protocol"), _PROTOCOLS, "http|grpc"),
        direction=_pattern(fields.get("direction"), _DIRECTIONS, "inbound"),
        degraded=degraded,
        failing=failing,
    )


def _limit(place: _Place) -> LatencyLimit:
    fields = place.fields("quantile", "direction", "degraded", "failing")
    degraded, failing = _limits(place, fields, _milliseconds)
    return LatencyLimit(
        quantile=_quantile(_needed(place, fields, "quantile")),
        direction=_pattern(fields.get("direction"), _DIRECTIONS, "inbound"),
        degraded_ms=degraded,
        failing_ms=failing,
    )


def _needed(place: _Place, fields: Mapping[str, _Place], key: str) -> _Place:
    if key not in fields:
        raise place.error(f"{key} is missing")
    return fields[key]


def _limits(
    place: _Place, fields: Mapping[str, _Place], read: Callable[[_Place], float]
) -> tuple[float, float]:
    degraded, failing = (_needed(place, fields, key) for key in ("degraded", "failing"))
    lower, upper = read(degraded), read(failing)
    if upper < lower:
        raise failing.error(
            f"failing ({failing.text()}) begins below degraded ({degraded.text()}); "
            "the same or more is accepted"
        )
    return lower, upper


def _share(place: _Place) -> float:
    match = _PERCENT.fullmatch(place.text())
    if match is None or float(match[1]) > 100:
        raise place.error("a share is accepted, from 0% to 100%, with its sign: 0.5%")
    return float(match[1]) / 100


def _milliseconds(place: _Place) -> float:
    match = _DURATION.fullmatch(place.text())
    if match is None or float(match[1]) <= 0:
        raise place.error("a time above zero is accepted, with its unit: 250ms or 1.5s")
    return float(match[1]) * (1000 if match[2] == "s" else 1)


def _quantile(place: _Place) -> Quantile:
    for quantile in _QUANTILES:
        if place.text() == quantile:
            return quantile
    raise place.error(f"one of {', '.join(_QUANTILES)} is accepted")


def _code(place: _Place) -> str:
    text = place.text()
    _compiled(place, code_pattern(text))
    return text


def _pattern(place: _Place | None, words: tuple[str, ...] = (), default: str = ".*") -> str:
    """Return a regular expression; where only some words can be meant, it has to fit one."""
    if place is None:
        return default
    text = place.text()
    expression = _compiled(place, text)
    if words and not any(expression.fullmatch(word) for word in words):
        raise place.error(f"{text!r} fits none of {', '.join(words)}")
    return text


def _compiled(place: _Place, text: str) -> re.Pattern[str]:
    if not text or len(text) > _MAX_PATTERN:
        raise place.error(f"a regular expression of 1 to {_MAX_PATTERN} characters is accepted")
    with warnings.catch_warnings():
        # What Python only warns of today (a "[[") means something else tomorrow.
        warnings.simplefilter("error")
        try:
            return re.compile(text, re.DOTALL)
        except (re.error, OverflowError, RecursionError, Warning) as error:
            raise place.error(f"{text!r} is not a regular expression: {error}") from error
