"""What asking costs is told by question."""

import time

import pytest

from graph.sources import SourceError, open_source
from graph.sources.costs import SURVEY, Costs
from tests.faultserver import FaultServer
from tests.stack import wait_until


def test_calls_are_counted_by_question_and_failed_ones_too() -> None:
    costs = Costs()

    with costs.of("requests"):
        pass
    with pytest.raises(ZeroDivisionError), costs.of("requests"):
        1 / 0  # noqa: B018
    with costs.of(SURVEY):
        pass

    assert costs.total == 3
    assert (costs.told()["requests"].count, costs.told()["requests"].errors) == (2, 1)
    assert costs.told()["requests"].seconds > 0
    assert costs.told()[SURVEY].errors == 0


def test_a_source_tells_what_each_question_of_a_lane_cost() -> None:
    with FaultServer() as server:
        source = open_source(server.url, timeout_s=1.0)
        try:
            source.prepare(time.time())
            source.fetch("slow", 60, time.time())
            server.fault = "422"
            with pytest.raises(SourceError):
                source.fetch("slow", 60, time.time())
            # The question that failed first did not wait for those beside it.
            wait_until(
                lambda: source.queries_total == sum(one.count for one in source.costs.values()),
                what="the other answers",
            )
            costs = source.costs
        finally:
            source.close()

    assert costs["duration_buckets"].count == 2
    assert costs["duration_buckets"].errors == 1
    assert costs[SURVEY].count > 7
