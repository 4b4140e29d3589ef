"""Numbers over a range of time: how answers are read, and what is asked of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from graph import poll
from graph.core.engine import ViewSpec
from graph.core.origins import origins
from graph.core.samples import Sample
from graph.core.wire import History
from graph.sources import Garbled, Rejected, Unavailable, Wanted, history, open_recording
from graph.sources.body import opened
from graph.sources.chart import TOPICS
from graph.sources.holes import Holes
from graph.sources.matrix import courses
from graph.sources.naming import Naming
from graph.sources.ranges import Course, Courses, Times, added
from graph.sources.shape import PLAIN, Shape
from graph.sources.strands import Target
from tests.make import readings, request

TIMES = Times(1000.0, 10.0, 4)
NAN = float("nan")


def body(data: object) -> Any:
    return opened(orjson.dumps({"status": "success", "data": data, "warnings": ["partial"]}))


def matrix(*rows: Mapping[str, object]) -> Any:
    return body({"resultType": "matrix", "result": rows})


def same(values: Sequence[float], expected: Sequence[float]) -> bool:
    return bool(np.array_equal(values, expected, equal_nan=True))


def test_values_stand_at_their_moments_and_gaps_are_unknown() -> None:
    row = {"metric": {"a": "b"}, "values": [[1000, "1"], [1020.0, "0"], [1030, "NaN"]]}

    told = courses(matrix(row), TIMES)

    assert told.warnings == ("partial",)
    assert told.rows[0].labels == {"a": "b"}
    assert same(told.rows[0].values, [1.0, NAN, 0.0, NAN])


def test_native_histograms_are_buckets_that_add_up() -> None:
    histogram = {"count": "6", "sum": "9", "buckets": [[0, "0", "5", "2"], [0, "5", "9", "4"]]}
    row = {"metric": {}, "histograms": [[1010, histogram]]}

    told = courses(matrix(row), TIMES)

    assert {row.labels["le"]: row.values[1] for row in told.rows} == {"5": 2, "9": 6, "+Inf": 6}
    assert all(np.isnan(row.values[[0, 2, 3]]).all() for row in told.rows)


@pytest.mark.parametrize(
    "data",
    [
        {"resultType": "vector", "result": []},
        {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "x"]]}]},
        {"resultType": "matrix"},
        [],
    ],
)
def test_what_is_no_matrix_is_garbled(data: object) -> None:
    with pytest.raises(Garbled):
        courses(body(data), TIMES)


def test_a_sum_is_of_what_is_known_and_unknown_where_nothing_is() -> None:
    one, other = np.array([1.0, NAN, NAN]), np.array([2.0, 3.0, NAN])

    assert same(added([one, other], 3), [3.0, 3.0, NAN])
    assert same(added([], 2), [NAN, NAN])


class Told:
    """A source of one edge that answers what a test tells it to."""

    scrape_interval_s = 5.0
    jobs: tuple[str, ...] = ("pods",)
    leading_jobs: tuple[str, ...] = ()
    naming = Naming()
    shape: Shape = PLAIN
    traffic = "istio_requests_total"

    def __init__(self, answers: Mapping[str, object]) -> None:
        # By what stands in the query; the first that fits.
        self.answers = answers
        self.asked: list[str] = []

    def ask_range(self, promql: str, times: Times) -> Courses:
        self.asked.append(promql)
        for part, answer in self.answers.items():
            if part in promql:
                if isinstance(answer, Exception):
                    raise answer
                assert isinstance(answer, list)
                return Courses([Course(labels, np.array(row)) for labels, row in answer])
        return Courses([])

    def page_url(self, promql: str, at: float, range_s: float | None = None) -> str | None:
        return None


def told(source: Any, target: Target, samples: Sequence[Sample] = (), **how: Any) -> History:
    """Return the history of a small mesh: web calls shop, and what ``samples`` add."""
    read = readings(requests=[request(5.0, source="web-v1", target="shop-v1"), *samples])
    found = origins(read, ViewSpec("workload", 60, (), idle=True).look, lasting=True)
    wanted = Wanted(target, TIMES, 60, how.pop("topics", ("rps", "errors")), **how)
    return history(source, found, wanted)


def outcome(code: str, flags: str = "-", reporter: str = "destination") -> dict[str, str]:
    return {
        "reporter": reporter,
        "request_protocol": "http",
        "response_code": code,
        "response_flags": flags,
    }


def test_failures_are_told_by_code_flags_and_by_who_saw_them() -> None:
    source = Told(
        {
            "istio_requests_total": [
                (outcome("200"), [5.0, 5.0, 5.0, NAN]),
                (outcome("503"), [NAN, 1.0, 2.0, NAN]),
                (outcome("503", "UH", "source"), [NAN, NAN, 3.0, NAN]),
                (outcome("404"), [0.5, 0.0, 0.0, NAN]),
                (outcome("500"), [0.0, 0.0, 0.0, NAN]),
            ]
        }
    )

    answer = told(source, Target())

    found = {(s["field"], s["label"]): (s["reporter"], s["values"]) for s in answer["series"]}
    assert found == {
        ("rps", ""): ("mixed", [5.5, 6.0, 10.0, None]),
        # Nothing had failed so yet, while others were counted.
        ("error_rps", "503"): ("server", [0.0, 1.0, 2.0, None]),
        ("error_rps", "503 UH"): ("client", [0.0, 0.0, 3.0, None]),
        ("client_error_rps", "404"): ("server", [0.5, 0.0, 0.0, None]),
    }


def test_failures_of_earlier_are_asked_for_although_there_are_none_now() -> None:
    seen = request(5.0, source="web-v1", target="shop-v1", reporter="source")
    source = Told({})

    told(source, Target(), [seen])

    assert any('reporter="source"' in q and "UH" in q for q in source.asked)


def test_one_chart_that_is_refused_leaves_the_others() -> None:
    source = Told(
        {
            "_bucket": Rejected("too many samples", "ask for less"),
            "istio_requests_total": [(outcome("200"), [1.0, 2.0, 3.0, 4.0])],
        }
    )

    answer = told(source, Target(), topics=TOPICS)

    assert [line["field"] for line in answer["series"]] == ["rps"]
    assert answer["warnings"] == ["too many samples"]


def test_what_is_dear_is_asked_for_last() -> None:
    source = Told({})

    told(source, Target(), topics=TOPICS)

    places = {
        name: next(place for place, query in enumerate(source.asked) if name in query)
        for name in ("istio_requests_total", "istio_response_bytes", "_milliseconds_bucket")
    }
    # Three are asked at once, so neighbours may change places.
    assert places["istio_requests_total"] < 3
    assert places["istio_response_bytes"] < places["_milliseconds_bucket"]


def test_rates_stand_without_first_appearances() -> None:
    source = Told(
        {
            "min_over_time": Rejected("too many samples", "ask for less"),
            "istio_requests_total": [(outcome("200"), [1.0, 2.0, 3.0, 4.0])],
        }
    )
    source.shape = replace(PLAIN, births_on=("job", "instance"))

    answer = told(source, Target(), topics=("rps",))

    assert answer["series"][0]["values"] == [1.0, 2.0, 3.0, 4.0]
    assert answer["warnings"] == ["too many samples"]


def test_first_appearances_are_left_out_where_they_are_a_small_part() -> None:
    many = [request(1.0, source="web-v1", target=f"shop-{n}") for n in range(1001)]
    source = Told({})
    source.shape = replace(PLAIN, births_on=("job", "instance"))

    told(source, Target(), many, topics=("rps",))
    assert not any("min_over_time" in query for query in source.asked)
    edge = Target(node="w/Kubernetes/bookinfo/shop-1")
    told(source, edge, many, topics=("rps",))
    assert any("min_over_time" in query for query in source.asked)


def test_whoever_does_not_answer_is_not_asked_again_and_again() -> None:
    source = Told({"": Unavailable("nobody there", "look")})

    with pytest.raises(Unavailable, match="nobody there"):
        told(source, Target(), topics=TOPICS)

    # Those under way when the first came back.
    assert len(source.asked) <= 3


def test_values_in_a_hole_are_unknown() -> None:
    source = Told(
        {
            "count_over_time": [({"job": "pods"}, [5.0, 1.0, 5.0, 5.0])],
            "istio_requests_total": [(outcome("200"), [1.0, 2.0, 3.0, 4.0])],
        }
    )

    answer = told(source, Target(), topics=("rps",))

    assert answer["series"][0]["values"] == [1.0, None, 3.0, 4.0]


def test_a_hole_is_where_an_end_of_the_window_was_not_scraped() -> None:
    # 60 s: a quarter of it is 15 s, of which half has to be seen.
    source: Any = Told({"count_over_time": [({"job": "a"}, [4.0, 3.0, 2.0, NAN])]})

    assert Holes(source, TIMES, 60).found().tolist() == [False, False, True, True]
    assert all("[20s]" in query for query in source.asked)


def test_without_targets_nobody_can_tell_of_holes() -> None:
    source: Any = Told({})

    assert Holes(source, TIMES, 60).found() is None
    source.answers = {"": Unavailable("gone", "")}
    assert Holes(source, TIMES, 60).found() is None
    source.jobs = ()
    source.asked.clear()
    assert Holes(source, TIMES, 60).found() is None
    assert source.asked == []


def test_only_the_busiest_versions_are_compared() -> None:
    many = [
        request(float(n), source="web-v1", target=f"shop-v{n}", app="shop") for n in range(2, 9)
    ]
    source = Told({"istio_requests_total": [(outcome("200"), [1.0, 1.0, 1.0, 1.0])]})
    read = readings(requests=many)
    found = origins(read, ViewSpec("app", 60, (), idle=True).look, lasting=True)
    (shop,) = (node for node in found.namespaces if node.endswith("/shop"))

    answer = history(source, found, Wanted(Target(node=shop), TIMES, 60, ("rps",), True))  # type: ignore[arg-type]

    assert [line["version"] for line in answer["series"]] == ["v4", "v5", "v6", "v7", "v8"]
    assert "2 are left out" in answer["warnings"][0]


def test_a_recording_says_that_it_holds_none() -> None:
    source = open_recording(Path("tests/recordings/demo.jsonl.gz"))
    at = source.moments[-1]
    feed = poll.look(source, source.windows[0], at, 5.0)
    assert feed.readings is not None
    found = origins(feed.readings, ViewSpec("workload", 60, ()).look, lasting=True)

    answer = history(source, found, Wanted(Target(), Times(at - 60, 5.0, 13), 60, TOPICS))

    assert answer["series"] == []
    assert "recording" in answer["warnings"][0]
    assert len(answer["times"]) == 13
    with pytest.raises(Rejected):
        source.ask_range("up", TIMES)
