"""How long the chart's pods may take to end: they drain, and wait for what Prometheus was asked."""

import pytest

from meshviz.config import load
from tests.deploy.chart import containers, environment, pods, render
from tests.deploy.matrix import MODES, Values, merged

pytestmark = pytest.mark.helm

# As written, and in seconds; None is the default.
TIMEOUTS = [(None, 10.0), ("2m", 120.0), ("20s", 20.0), ("500ms", 0.5), ("1500ms", 1.5)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("timeout", "seconds"), TIMEOUTS)
def test_pods_may_wait_for_prometheus_before_they_end(
    mode: str, timeout: str | None, seconds: float
):
    settings = {"MESHVIZ_QUERY_TIMEOUT": timeout} if timeout else {}

    grace = _grace(merged(MODES[mode], {"drainSeconds": 7, "settings": settings}))

    assert 7 + seconds + 10 < grace["server"] <= 7 + seconds + 16
    assert all(seconds + 10 < given for role, given in grace.items() if role == "worker")


@pytest.mark.parametrize(("timeout", "seconds"), TIMEOUTS)
def test_meshviz_means_the_same_by_these_words(timeout: str | None, seconds: float):
    given = {"MESHVIZ_QUERY_TIMEOUT": timeout} if timeout else {}

    assert load({"MESHVIZ_PROMETHEUS_URL": "http://a", **given}).query_timeout == seconds


def test_a_long_drain_is_waited_for():
    values: Values = {"drainSeconds": 120}

    assert environment(containers(render(values))["server"])["MESHVIZ_DRAIN"] == "120s"
    assert _grace(values)["server"] == 145


@pytest.mark.parametrize("timeout", ["soon", "", 20, "1.5s"])
def test_a_timeout_that_is_none_is_left_to_the_pod_to_refuse(timeout: str | int):
    values: Values = {"settings": {"MESHVIZ_QUERY_TIMEOUT": timeout}}

    assert _grace(values)["server"] >= 20


def _grace(values: Values) -> dict[str, int]:
    found = pods(render(values)).items()
    return {
        role: pod["spec"]["terminationGracePeriodSeconds"] for role, pod in found if role != "redis"
    }
