"""Prometheus' answers over a range of time as rows of numbers."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from graph.sources import answers
from graph.sources.base import Garbled
from graph.sources.body import Body
from graph.sources.ranges import Course, Courses, Times, Values


class _Row(msgspec.Struct, gc=False):
    metric: msgspec.Raw
    values: list[tuple[float, str]] = []
    histograms: list[tuple[float, dict[str, Any]]] = []


class _Data(msgspec.Struct, gc=False):
    kind: str = msgspec.field(name="resultType")
    result: list[_Row]


_DATA = msgspec.json.Decoder(_Data)


def courses(body: Body, times: Times) -> Courses:
    """Return the series of a matrix; native histograms are cumulative buckets by ``le``.

    Raises Garbled when it is none.
    """
    return Courses(answers.read(lambda: _rows(body, times)), tuple(answers.warnings(body)))


def _rows(body: Body, times: Times) -> list[Course]:
    data = _DATA.decode(body.data)
    if data.kind != "matrix":
        raise Garbled(
            f"Prometheus answered a {data.kind} where a matrix was asked for.",
            "Is something in between rewriting queries?",
        )
    return [course for row in data.result for course in _courses(row, times)]


def _courses(row: _Row, times: Times) -> Iterator[Course]:
    labels = answers.label_sets.of(bytes(row.metric))
    if row.values or not row.histograms:
        yield Course(labels, _placed(((at, float(text)) for at, text in row.values), times))
        return
    buckets: dict[str, list[tuple[float, float]]] = {}
    for at, histogram in row.histograms:
        for bucket, rate in answers.cumulative({}, histogram):
            buckets.setdefault(bucket["le"], []).append((at, rate))
    for le, points in buckets.items():
        yield Course({**labels, "le": le}, _placed(points, times))


def _placed(points: Iterable[tuple[float, float]], times: Times) -> Values:
    values = np.full(times.count, np.nan)
    for at, value in points:
        place = times.place(at)
        if 0 <= place < times.count and np.isfinite(value):
            values[place] = value
    return values
