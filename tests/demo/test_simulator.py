"""The clock: fixed steps, one seed, whatever the wall clock does."""

from pathlib import Path

import pytest

from graph.demo.simulator import STEP_S, Simulator
from tests.demo.meshes import STARTED, named, run, shop


def _pages(simulator: Simulator) -> bytes:
    return simulator.exposition.page(simulator.pods.reporting(), merged=True)


@pytest.mark.parametrize("scenario", ["steady", "rolling-restart", "tour"])
def test_same_seed_gives_the_same_pages(scenario: str) -> None:
    first = run(named(), 140, seed=5, scenario=scenario)
    second = run(named(), 140, seed=5, scenario=scenario)

    assert _pages(first) == _pages(second)


def test_another_seed_gives_other_pages(tmp_path: Path) -> None:
    assert _pages(run(shop(tmp_path), 20, seed=5)) != _pages(run(shop(tmp_path), 20, seed=6))


def test_reading_changes_nothing(tmp_path: Path) -> None:
    read, unread = run(shop(tmp_path), 20), run(shop(tmp_path), 20)
    for simulator in (read, unread):
        if simulator is read:
            _pages(simulator)
            simulator.truth.between(STARTED, simulator.at)
        for _ in range(20):
            simulator.step()

    assert _pages(read) == _pages(unread)


def test_clock_moves_with_the_steps(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), 9)

    assert simulator.at == STARTED + 9 * STEP_S
    assert simulator.now()["at"] == simulator.at


def test_time_can_pass_without_traffic(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), 10)
    before = _pages(simulator)

    simulator.skip_to(STARTED + 3600)

    assert simulator.at == STARTED + 3600
    assert _pages(simulator) == before


def test_now_tells_what_is_on() -> None:
    now = run(named(), 4, scenario="canary", phase_offset_s=10.0, seed=9, load=0.5).now()

    assert (now["scenario"], now["act"], now["stationary"]) == ("canary", "canary", False)
    assert now["act_s"] == 10.0 + 3 * STEP_S
    assert (now["seed"], now["load"]) == (9, 0.5)


def test_an_offset_of_a_tour_starts_in_the_middle_of_it() -> None:
    now = run(named(), 1, scenario="tour", phase_offset_s=45 + 90 + 45 + 1).now()

    assert now["act"] == "canary"


def test_every_pod_name_is_new_after_its_restart() -> None:
    simulator = run(named(), 0, scenario="rolling-restart")
    seen = {pod.name for pod in simulator.pods.serving}
    pods = len(seen)
    for _ in range(60 * 12):
        before = {pod.name for pod in simulator.pods.serving}
        simulator.step()
        fresh = {pod.name for pod in simulator.pods.serving} - before
        assert not fresh & seen
        seen |= fresh

    assert len(seen) > pods + 50


def test_a_late_start_into_a_rolling_restart_replaces_no_pod_at_once() -> None:
    simulator = run(named(), 0, scenario="rolling-restart", phase_offset_s=301.0)
    before = list(simulator.pods.serving)

    simulator.step()

    assert simulator.pods.serving == before
