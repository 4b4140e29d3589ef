"""First appearances: what was counted before Prometheus first saw a series is counted too."""

from collections.abc import Callable

import pytest

from graph.sources.promql import QUESTIONS
from tests.sources.conftest import Stored
from tests.sources.scenes import WINDOW_S

pytestmark = pytest.mark.prometheus

Open = Callable[..., Stored]


@pytest.mark.parametrize("scene", ["short-job", "short-job-gone", "one-sample"])
def test_a_job_of_three_requests_counts_three(stored: Open, scene: str) -> None:
    assert stored(scene).total("requests") * WINDOW_S == pytest.approx(3)


def test_what_comes_back_after_an_eviction_has_counted_from_zero(stored: Open) -> None:
    assert stored("evicted").total("requests") * WINDOW_S == pytest.approx(2)


@pytest.mark.parametrize("scene", ["new-target", "was-down", "prometheus-was-away", "federated"])
def test_an_old_counter_that_is_new_to_prometheus_does_not_spike(stored: Open, scene: str) -> None:
    assert stored(scene).total("requests") <= 1.5


def test_a_restart_of_prometheus_does_not_spike(stored: Open) -> None:
    # The jump across the gap lies before the window; inside it one request per second goes on.
    assert stored("prometheus-restart").total("requests") == pytest.approx(1, rel=0.3)


def test_a_counter_reset_does_not_spike(stored: Open) -> None:
    # Two of three or four steps are seen; a spike would be some 17,000 a second.
    assert 0.5 < stored("reset").total("requests") < 1.3


def test_what_goes_on_growing_is_not_counted_twice(stored: Open) -> None:
    assert stored("new-edge").total("requests") * WINDOW_S == pytest.approx(400, rel=0.1)


def test_connections_are_born_too(stored: Open) -> None:
    assert stored("connections").total("tcp_opened") * WINDOW_S == pytest.approx(6)


def test_births_come_with_every_label_of_their_question(stored: Open) -> None:
    (row,) = (row for row in stored("short-job").rows("requests") if row.value > 0)

    assert row.labels["response_code"] == "200"
    assert row.labels["destination_service"] == "api.shop.svc.cluster.local"


def test_only_counters_of_events_have_births() -> None:
    asked = {name for name, question in QUESTIONS.items() if question.has_births}

    assert asked == {"requests", "tcp_opened", "tcp_closed"}
