"""Traffic that stops, comes back, or grows tenfold."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.recorded import Graph, Recorded
from tests.truth import compare
from tests.truth.expected import expected_edges

IDLE = case("idle", seconds=1890, interval_s=15, looks=(60,))
EVICTION = case("eviction", seconds=900, looks=(60, 750, 820, 850))
SCRAPE_S = 5
# Around the steps up and down, and between them.
STEPS = (90, 120, 130, 135, 140, 150, 155, 160, 180, 210, 240)
SPIKE = case("spike", seconds=245, looks=tuple(m - back for m in STEPS for back in (SCRAPE_S, 0)))


@pytest.mark.scene(IDLE)
def test_half_an_hour_without_requests_is_no_traffic_and_no_error(scene: Recorded) -> None:
    view = scene.view()

    assert view["edges"] == []
    assert view["source"]["state"] == "empty"
    assert view["source"]["reason"] == "no_traffic"


@pytest.mark.scene(IDLE)
def test_idle_edges_can_be_shown_and_are_the_ones_that_once_had_traffic(scene: Recorded) -> None:
    busy, idle = Graph(scene.view(moment=60)), Graph(scene.view(idle=True))

    assert set(busy.edges) <= set(idle.edges)
    for edge in idle.edges.values():
        assert edge["health"] == "idle", edge["id"]
        assert edge["rps"] in (0, None), edge["id"]
        assert edge["error_ratio"] is None, edge["id"]


@pytest.mark.scene(EVICTION)
def test_series_that_were_forgotten_come_back_without_a_spike(scene: Recorded) -> None:
    for moment in (820, 850, None):
        truth = scene.truth(moment)
        both = compare.pairs(scene.view(moment=moment), truth, "workload")
        compare.check_rates(both, truth, 60, unseen_s=5)


@pytest.mark.scene(EVICTION)
def test_while_they_are_forgotten_nothing_is_drawn(scene: Recorded) -> None:
    assert scene.view(moment=750)["edges"] == []


@pytest.mark.scene(SPIKE)
@pytest.mark.parametrize("moment", STEPS)
def test_a_step_in_the_load_overshoots_by_less_than_a_tenth(scene: Recorded, moment: float) -> None:
    # The newest scrape is up to one interval old: a rate may be that much late.
    earlier = scene.truth(moment - SCRAPE_S)
    before = {key: edge.requests for key, edge in expected_edges(earlier, "workload").items()}
    true = expected_edges(scene.truth(moment), "workload")
    drawn = compare.drawn(scene.view(moment=moment), "workload")
    for key, edge in true.items():
        if edge.requests >= compare.ENOUGH and key[2] != "tcp":
            late, now = before[key] / 60, edge.requests / 60
            got = drawn[key]["rps"] or 0.0
            assert 0.9 * min(late, now) - 1 / 60 <= got <= 1.1 * max(late, now) + 1 / 60, key
