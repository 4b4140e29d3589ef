"""Answers of Prometheus 3 and of Thanos, recorded, as the samples that the core reads."""

import math
from pathlib import Path
from typing import Any

import pytest

from graph.core.latency import parse_bound
from graph.core.samples import Bucket, Sample
from graph.sources import Garbled, answers
from graph.sources.body import Body, opened
from graph.sources.labelsets import LabelSets
from graph.sources.naming import Naming
from graph.sources.plan import parts
from graph.sources.shape import Shape
from tests.bodies import body_of

FOLDER = Path(__file__).parent / "answers"


def recorded(name: str) -> Body:
    body = opened((FOLDER / f"{name}.json").read_bytes())
    assert body is not None
    return body


def vector(*values: str, **more: Any) -> Body:
    rows = [{"metric": {"n": str(n)}, "value": [1.0, text]} for n, text in enumerate(values)]
    data = {"resultType": "vector", "result": rows}
    return body_of({"status": "success", "data": data, **more})


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
    scalar = body_of({"data": {"resultType": "scalar", "result": [1.0, "7"]}})

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
        answers.vector(body_of(body))


BUCKET = {"reporter": "source", "source_workload": 'a"le":"b', "le": "0.5"}


def buckets(*labels: dict[str, str]) -> list[Sample]:
    rows = [{"metric": one, "value": [1.0, "2"]} for one in labels]
    return answers.buckets(body_of({"data": {"resultType": "vector", "result": rows}}))


@pytest.mark.parametrize(
    "labels",
    [
        BUCKET,
        {**BUCKET, "le": "+Inf"},
        {"le": "1"},
        {"a": "1", "le": "1", "z": "2"},
        {"a": "1"},
        {"a": "1", "le": 'odd"\\'},
        {"xle": "1", "le": ""},
    ],
)
def test_a_bucket_has_the_labels_that_were_answered(labels: dict[str, str]) -> None:
    for _ in range(2):  # the second time from memory
        (row,) = buckets(labels)

        assert dict(row.labels) == labels
        assert len(row.labels) == len(labels)
        assert row.value == 2.0


def test_buckets_of_one_histogram_share_the_labels_of_their_series() -> None:
    one, other, stranger = buckets(
        BUCKET, {**BUCKET, "le": "1"}, {**BUCKET, "source_workload": "c"}
    )

    assert isinstance(one.labels, Bucket)
    assert isinstance(other.labels, Bucket)
    assert isinstance(stranger.labels, Bucket)
    assert one.labels.series is other.labels.series
    assert one.labels.series is not stranger.labels.series
    assert "le" not in one.labels.series


def test_the_same_labels_are_the_same_object_in_every_answer() -> None:
    first, again = (answers.vector(vector("1"))[0].labels for _ in range(2))

    assert first is again


def test_label_sets_out_of_use_are_forgotten() -> None:
    sets = LabelSets(most=10)
    kept = sets.of(b'{"n":"kept"}')
    for number in range(100):
        sets.of(f'{{"n":"{number}"}}'.encode())
        assert sets.of(b'{"n":"kept"}') is kept

    assert len(sets) <= 20


def answered(labels: bytes) -> Body | None:
    row = b'{"metric":' + labels + b',"value":[1,"2"]}'
    return opened(b'{"data":{"resultType":"vector","result":[' + row + b"]}}")


@pytest.mark.parametrize("labels", [b"[]", b'{"n": 1}', b'"n"'])
def test_labels_that_are_none_are_garbled(labels: bytes) -> None:
    body = answered(labels)

    assert body is not None
    with pytest.raises(Garbled):
        answers.vector(body)


def test_what_is_no_json_is_no_answer() -> None:
    assert answered(b"{") is None
