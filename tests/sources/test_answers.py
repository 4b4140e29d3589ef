"""Answers of Prometheus 3 and of Thanos, recorded, as the samples that the core reads."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from graph.core.latency import parse_bound
from graph.core.samples import Sample
from graph.sources import Garbled, answers
from graph.sources.naming import Naming
from graph.sources.plan import parts
from graph.sources.shape import Shape

FOLDER = Path(__file__).parent / "answers"


def recorded(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return body


def vector(*values: str, **more: Any) -> dict[str, Any]:
    rows = [{"metric": {"n": str(n)}, "value": [1.0, text]} for n, text in enumerate(values)]
    return {"status": "success", "data": {"resultType": "vector", "result": rows}, **more}


def test_a_native_histogram_becomes_cumulative_buckets() -> None:
    rows = answers.histograms(recorded("native-histogram"))

    assert [row.labels["le"] for row in rows] == ["1", "10", "100", "+Inf"]
    shares = [round(row.value / rows[-1].value, 2) for row in rows]
    assert shares == [0.1, 0.5, 0.9, 1.0]
    assert {row.labels["source_workload"] for row in rows} == {"web"}


def test_histograms_and_numbers_in_one_answer_do_not_disturb_each_other() -> None:
    assert [row.labels for row in answers.vector(recorded("native-histogram"))] == [
        {"reporter": "source"}
    ]


def test_histograms_are_asked_for_whole_where_there_are_no_buckets() -> None:
    shape = Shape(native=frozenset({"istio_request_duration_milliseconds"}))
    fast = {part.question: part for part in parts("fast", 60, Naming(), shape, brief=True)}
    slow = {part.question: part for part in parts("slow", 60, Naming(), shape, brief=True)}

    assert fast["duration_sum"].promql.startswith("histogram_sum(sum by (")
    assert fast["duration_count"].promql.startswith("histogram_count(sum by (")
    assert "_bucket" not in slow["duration_buckets"].promql
    assert " le" not in slow["duration_buckets"].promql
    assert len(slow["duration_buckets"].read(recorded("native-histogram"))) == 4
    # Sizes still come as classic histograms.
    assert "istio_request_bytes_sum" in slow["request_bytes"].promql


@pytest.mark.parametrize("text", ["1", "1.0", "1e0"])
def test_bounds_are_numbers_however_they_are_written(text: str) -> None:
    assert parse_bound(text) == 1.0


def test_values_are_texts_and_may_be_no_numbers() -> None:
    values = [row.value for row in answers.vector(vector("1.5", "NaN", "+Inf", "-Inf"))]

    assert values[0] == 1.5
    assert math.isnan(values[1])
    assert values[2:] == [math.inf, -math.inf]


def test_warnings_are_kept_and_hints_for_authors_are_not() -> None:
    partial = "fetching series: store 10.0.0.7:10901: context deadline exceeded"

    assert list(answers.warnings(vector("1", warnings=[partial]))) == [partial]
    assert list(answers.warnings(recorded("infos"))) == []


def test_a_scalar_is_one_sample() -> None:
    scalar = {"data": {"resultType": "scalar", "result": [1.0, "7"]}}

    assert answers.samples(scalar) == [Sample({}, 7.0)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": {"resultType": "matrix", "result": []}},
        {"data": {"resultType": "vector", "result": [{"metric": {}}]}},
        {"data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "many"]}]}},
        {"data": {"resultType": "vector", "result": None}},
    ],
    ids=["nothing", "matrix", "no value", "no number", "no rows"],
)
def test_what_is_no_vector_is_garbled(body: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        answers.vector(body)
