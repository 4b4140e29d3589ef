"""What scraping does to numbers: scrapes that fail, come twice, rarely, or with odd stamps."""

import pytest

from graph.sources import open_source
from tests.scenarios.cases import case
from tests.scenarios.recorded import Graph, Recorded
from tests.truth import compare

CRASH = case("crash", seconds=180, looks=(65,), load=2)
TWICE = case("twice", load=4)
SKEW = case("clock-skew", seconds=200, looks=(160,), load=4)
FAILING = case("failing-scrapes", seconds=180, looks=(174,), load=6)
GAP = case("prometheus-gap", seconds=180, looks=(125, 140), load=4)
SLOW = case("slow-namespace", seconds=420, looks=(380,), window_s=300, load=2)


@pytest.mark.scene(CRASH)
def test_a_pod_that_crashed_is_gone_after_a_window_and_its_callers_say_why(
    scene: Recorded,
) -> None:
    compare.check_all(scene.view(moment=65), scene.truth(65), "workload")
    edges = Graph(scene.view()).edges
    (edge,) = (
        edge
        for (source, target, _), edge in edges.items()
        if source == "reviews-v2" and target.startswith("ratings")
    )

    assert edge["error_ratio"] == 1.0
    assert edge["server"] is None
    assert {response["flags"] for response in edge["responses"]} == {"UH"}


@pytest.mark.scene(TWICE)
def test_a_second_job_over_the_same_pods_changes_no_number(scene: Recorded) -> None:
    compare.check_all(scene.view(), scene.truth(), "workload")


@pytest.mark.scene(TWICE)
def test_a_second_job_over_the_same_pods_is_reported(scene: Recorded) -> None:
    warnings = scene.view()["source"]["warnings"]

    assert any("twice" in text or "2 times" in text for text in warnings), warnings
    assert scene.source.facts()["scraped_times"] == pytest.approx(2.0)


@pytest.mark.scene(SKEW)
def test_time_stamps_half_a_minute_off_change_no_rate_of_a_steady_mesh(scene: Recorded) -> None:
    # Forty seconds back, so that even the clock that is behind has told all of the window.
    truth = scene.truth(160)
    both = compare.pairs(scene.view(moment=160), truth, "workload")
    # The window of these two proxies is another half minute.
    compare.check_rates(both, truth, 60, unseen_s=30)


@pytest.mark.scene(SKEW)
def test_a_clock_that_is_behind_makes_a_rate_late_but_never_too_high(scene: Recorded) -> None:
    truth = scene.truth()
    for edge, true in compare.pairs(scene.view(), truth, "workload"):
        if edge["protocol"] != "tcp":
            rps = true.rps(truth["seconds"])
            chance = 4 * (2 * rps / truth["seconds"]) ** 0.5
            assert 0 < (edge["rps"] or 0) <= rps * 1.05 + 1 / 60 + chance, edge["id"]


@pytest.mark.scene(FAILING)
@pytest.mark.parametrize("moment", [174, None])
def test_every_fourth_scrape_may_fail(scene: Recorded, moment: float | None) -> None:
    # First one at the window's beginning, then one at its end: a rate does not reach that far
    # beyond the samples that it has.
    truth = scene.truth(moment)
    both = compare.pairs(scene.view(moment=moment), truth, "workload")
    compare.check_rates(both, truth, 60, unseen_s=10, lost_s=5)


@pytest.mark.scene(GAP)
@pytest.mark.parametrize("moment", [125, 140, None])
def test_two_scrapes_without_a_prometheus_change_no_rate(
    scene: Recorded, moment: float | None
) -> None:
    truth = scene.truth(moment)
    both = compare.pairs(scene.view(moment=moment), truth, "workload")
    compare.check_rates(both, truth, 60, unseen_s=5)


@pytest.mark.scene(SLOW)
@pytest.mark.parametrize("moment", [380, None])
def test_a_namespace_scraped_once_a_minute_is_true_in_a_long_window(
    scene: Recorded, moment: float | None
) -> None:
    truth = scene.truth(moment)
    both = compare.pairs(scene.view(moment=moment), truth, "workload")
    compare.check_rates(both, truth, 300, unseen_s=60)


@pytest.mark.scene(SLOW)
def test_a_window_too_short_for_the_slowest_job_is_warned_of_by_name(scene: Recorded) -> None:
    source = open_source(scene.server.url, timeout_s=20)
    try:
        graph = Recorded(scene.case, scene.started_at, scene.truths, scene.server, source)
        feed = graph.feed(window_s=180)
    finally:
        source.close()

    assert any("kubernetes-pods-slow" in text for text in feed.status["warnings"])


@pytest.mark.scene(SLOW)
def test_a_slow_job_hides_no_other_in_a_short_window(scene: Recorded) -> None:
    source = open_source(scene.server.url, timeout_s=20)
    try:
        graph = Recorded(scene.case, scene.started_at, scene.truths, scene.server, source)
        feed = graph.feed(window_s=60)
    finally:
        source.close()

    assert feed.status["state"] == "ok"
    assert feed.readings is not None
    (warning,) = [text for text in feed.status["warnings"] if "kubernetes-pods-slow" in text]
    assert "is scraped every 60 s: its numbers are missing or flicker in a window of 1m" in warning
    assert "choose 4m" in warning
