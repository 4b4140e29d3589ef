"""Pitfalls of Prometheus that no scenario can bring about: what it may answer, and be called."""

import json
import time
from math import inf, nan

import pytest

from graph import poll
from graph.core import engine
from graph.core.samples import Sample
from graph.sources import open_source
from graph.sources.naming import Metric, Naming
from graph.sources.promql import QUESTIONS
from tests.faultserver import FaultServer
from tests.make import buckets, feed, only_edge, request

BROKEN = (nan, inf, -inf)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_value_that_is_no_number_counts_for_nothing(broken: float) -> None:
    whole = feed(requests=[request(3)])
    both = feed(requests=[request(3), request(broken, response_code="500")])

    assert json.dumps(only_edge(both), allow_nan=False)
    assert only_edge(both) == only_edge(whole)


@pytest.mark.parametrize("broken", BROKEN)
def test_buckets_that_are_no_numbers_leave_quantiles_unknown_or_finite(broken: float) -> None:
    told = buckets({"10": 1.0, "100": 3.0, "+Inf": 3.0})
    mixed = [*told, *(Sample(sample.labels, broken) for sample in told)]
    edge = only_edge(feed(requests=[request(3)], duration_buckets=mixed))

    assert json.dumps(edge, allow_nan=False)
    assert edge == only_edge(feed(requests=[request(3)], duration_buckets=told))


def test_names_that_only_prometheus_3_allows_are_quoted_wherever_they_stand() -> None:
    naming = Naming(
        metrics={"istio_requests_total": Metric("istio.requests")},
        labels={"source_workload": "source.workload", "reporter": "istio reporter"},
    )
    query = QUESTIONS["requests"].promql(60, naming=naming)

    assert '{"istio.requests"}[60s]' in query
    assert '"source.workload",' in query
    assert query.startswith('sum by ("istio reporter", ')
    chosen = naming.series("istio_requests_total", [("source_workload", "=", "a")])
    assert chosen == '{"istio.requests", "source.workload"="a"}'


def test_answers_under_other_names_are_read_as_istio_s() -> None:
    naming = Naming(labels={"source_workload": "source.workload"})

    assert naming.istio_labels({"source.workload": "a", "x": "b"}) == {
        "source_workload": "a",
        "x": "b",
    }


def test_a_clock_of_ours_that_is_an_hour_behind_asks_for_now_all_the_same() -> None:
    with FaultServer() as server:
        source = open_source(server.url, timeout_s=20)
        try:
            ours = time.time() - 3600
            read = poll.advance(source, engine.start_feed(60, 5.0), ours).readings
        finally:
            source.close()

    assert read is not None
    # Prometheus' own now: an hour back there would be nothing, or what is long over.
    assert read.at == pytest.approx(time.time(), abs=600)
