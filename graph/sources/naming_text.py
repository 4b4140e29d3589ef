"""The operator's texts for `Naming`: selector, metric names, label names. Strict and explained."""

import re
from collections.abc import Iterable, Mapping

from graph.sources.naming import Matcher, Metric, quote
from graph.sources.promql import KNOWN_LABELS, KNOWN_METRICS

_STRING = r'"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'"
_MATCHER = re.compile(rf"\s*([a-zA-Z_]\w*|{_STRING})\s*(=~|!~|!=|=)\s*({_STRING})\s*", re.ASCII)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
# Python's engine takes these, Prometheus' (RE2) refuses them.
_NOT_RE2 = re.compile(r"\(\?(?:[=!>(]|<[=!])|\\[1-9]|\(\?P=|[*+?}]\+")
_RATE = re.compile(r"per_second\((.+)\)")
_NAME = re.compile(r"[^\s\x00-\x1f,={}\"'()\\]+")


def parse_selector(text: str) -> tuple[Matcher, ...]:
    """Return the matchers of a text such as ``cluster="east",env!="dev"``.

    Raises ValueError with a reason.
    """
    inner = text.strip()
    if inner.startswith("{") and inner.endswith("}"):
        inner = inner[1:-1]
    found: list[Matcher] = []
    position = 0
    while position < len(inner):
        match = _MATCHER.match(inner, position)
        if match is None:
            raise ValueError(f'expected label="value" at character {position + 1}')
        found.append(_matcher(match[1], match[2], match[3]))
        position = match.end()
        if position < len(inner):
            if inner[position] != "," or position + 1 == len(inner):
                raise ValueError(f"expected a comma and a matcher at character {position + 1}")
            position += 1
    if not found:
        raise ValueError("no matcher in it")
    return tuple(found)


def _matcher(label: str, op: str, value: str) -> Matcher:
    name = _unquoted(label) if label[0] in "\"'" else label
    if name in ("", "__name__"):
        raise ValueError("a selector may not choose the metric's name")
    text = _unquoted(value)
    if op.endswith("~"):
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"{quote(text)} is not a regular expression: {error}") from None
        if _NOT_RE2.search(text):
            raise ValueError(f"{quote(text)} uses what Prometheus' regular expressions lack")
    return name, op, text


def _unquoted(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        sign = match[1]
        if len(sign) > 1:
            return chr(int(sign[1:], 16))
        if sign not in _PLAIN_ESCAPES:
            raise ValueError(f"\\{sign} is not an escape in PromQL; write \\\\ for a backslash")
        return _PLAIN_ESCAPES[sign]

    return _ESCAPE.sub(plain, text[1:-1])


def parse_metrics(text: str) -> dict[str, Metric]:
    """Return the metrics of a text such as ``istio_requests_total=mesh:requests_total``.

    A series whose values already are rates is written ``per_second(NAME)``. Raises ValueError.
    """
    return {istio: _metric(here) for istio, here in _pairs(text, KNOWN_METRICS, "metric")}


def _metric(text: str) -> Metric:
    wrapped = _RATE.fullmatch(text)
    name = wrapped[1] if wrapped else text
    if not _NAME.fullmatch(name):
        raise ValueError(f"{quote(name)} cannot be the name of a metric")
    return Metric(name, wrapped is not None)


def parse_labels(text: str) -> dict[str, str]:
    """Return the labels of a text such as ``source_workload=source.workload``.

    Raises ValueError.
    """
    found = dict(_pairs(text, KNOWN_LABELS, "label"))
    _once(found)
    for name in found.values():
        if not _NAME.fullmatch(name) or name.startswith("__"):
            raise ValueError(f"{quote(name)} cannot be the name of a label")
    return found


def _pairs(text: str, known: Iterable[str], what: str) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for item in text.split(","):
        istio, sign, here = (part.strip() for part in item.partition("="))
        if not sign or not here:
            raise ValueError(f"{quote(item.strip())} is not of the form ISTIO_NAME=YOUR_NAME")
        if istio not in known:
            raise ValueError(f"{quote(istio)} is not a {what} that meshviz asks for")
        if istio in seen:
            raise ValueError(f"{istio} twice")
        seen.add(istio)
        yield istio, here


def _once(names: Mapping[str, str]) -> None:
    if len(set(names.values())) != len(names):
        raise ValueError("two labels with the same name")
