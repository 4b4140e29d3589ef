"""Pods that come and go: numbers neither dip, nor spike, nor double."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.recorded import Graph, Recorded
from tests.truth import compare

CANARY = case("canary-to-zero", seconds=220, looks=(120,), load=2)
ROLLING = case("rollout", seconds=180, looks=(90, 120, 150), load=2)
SCALING = case("scaling", seconds=220, looks=(60, 90, 120, 150), load=2)
RESTART = case("container-restart", seconds=160, looks=(105, 115, 140), load=4)


def shares(graph: Graph) -> dict[str, float]:
    """Return how the requests to movies are spread over its versions."""
    rps = {
        node["name"]: node["in"]["rps"] or 0.0
        for node in graph.view["nodes"]
        if node["app"] == "movies"
    }
    return {name: value / sum(rps.values()) for name, value in rps.items()}


@pytest.mark.scene(CANARY)
def test_a_canary_ends_at_thirty_sixty_ten(scene: Recorded) -> None:
    compare.check_all(scene.view(moment=120), scene.truth(120), "workload")

    got = shares(Graph(scene.view(moment=120)))
    assert got == pytest.approx({"movies-v1": 0.3, "movies-v2": 0.6, "movies-v3": 0.1}, abs=0.03)


@pytest.mark.scene(CANARY)
def test_a_version_that_is_taken_down_leaves_the_graph(scene: Recorded) -> None:
    compare.check_all(scene.view(), scene.truth(), "workload")

    got = shares(Graph(scene.view()))
    assert got == pytest.approx({"movies-v2": 0.85, "movies-v3": 0.15}, abs=0.03)


@pytest.mark.scene(ROLLING)
@pytest.mark.parametrize("moment", [90, 120, 150, None])
def test_a_rolling_restart_changes_no_rate(scene: Recorded, moment: float | None) -> None:
    truth = scene.truth(moment)
    both = compare.pairs(scene.view(moment=moment), truth, "workload")
    # A pod's last requests before it is scraped for the last time, and its successor's before it
    # is scraped for the first time, are worth one scrape.
    compare.check_rates(both, truth, 60, unseen_s=5, lost_s=5)


@pytest.mark.scene(SCALING)
@pytest.mark.parametrize("moment", [60, 90, 120, 150, None])
def test_scaling_from_two_to_ten_to_one_changes_no_rate(
    scene: Recorded, moment: float | None
) -> None:
    truth = scene.truth(moment)
    graph = Graph(scene.view(moment=moment))

    assert set(graph.edges) == {("crowd", "shop-v1", "http"), ("shop-v1", "stock-v1", "http")}
    # Until new pods are discovered and scraped, nobody knows what they answered.
    both = compare.pairs(graph.view, truth, "workload")
    compare.check_rates(both, truth, 60, unseen_s=5, lost_s=10)


@pytest.mark.scene(RESTART)
@pytest.mark.parametrize("moment", [105, 115, 140, None])
def test_a_counter_that_starts_anew_never_makes_a_rate_jump(
    scene: Recorded, moment: float | None
) -> None:
    truth = scene.truth(moment)
    both = compare.pairs(scene.view(moment=moment), truth, "workload")
    # What was counted after the last scrape before the restart is lost: nobody has it.
    compare.check_rates(both, truth, 60, unseen_s=5, lost_s=5)
