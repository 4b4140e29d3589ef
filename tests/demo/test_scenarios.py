"""The scripted incidents: what they do to the truth, and their timelines."""

import pytest

from graph.demo import scenarios
from graph.demo.conditions import Split, under, usual
from graph.demo.plan import compile_plan
from graph.demo.scenarios import (
    ACT_S,
    ACTS,
    REST_S,
    SCENARIOS,
    TOUR,
    mesh_of,
    moment,
    resolve,
)
from graph.demo.scenarios_demo import DEMO
from graph.demo.simulator import Simulator
from graph.demo.truth import TrueEdge
from tests.demo.meshes import STARTED, named, run

MINUTE = 120


def _edges(simulator: Simulator) -> dict[tuple[str, str], TrueEdge]:
    """Return the truth by (calling, serving) workload; lost requests under the service's name."""
    return {
        (
            edge["source"]["workload"],
            edge["destination"]["workload"] if edge["destination"] else edge["service_name"],
        ): edge
        for edge in simulator.truth.between(STARTED, simulator.at)["edges"]
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_fits_the_named_applications(name: str) -> None:
    plan = compile_plan(mesh_of(name))

    for t in (0.0, 20.0, 60.0, 130.0, 1000.0):
        under(plan, usual(plan), moment(name, t).effects)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_full_scenario_stands_still(name: str) -> None:
    start = resolve(f"{name}:full")[1]

    assert moment(name, start).stationary
    assert moment(name, start).effects == moment(name, start + 3600).effects


@pytest.mark.parametrize("name", [name for name, s in SCENARIOS.items() if s.ramp_s])
def test_a_ramp_is_not_called_stationary(name: str) -> None:
    assert not moment(name, SCENARIOS[name].ramp_s / 2).stationary


@pytest.mark.parametrize("text", ["party", "steady:half", "", "tour:full"])
def test_an_unknown_scenario_is_refused(text: str) -> None:
    with pytest.raises(scenarios.ScenarioError):
        resolve(text)


def test_canary_moves_from_80_10_10_to_30_60_10_within_a_minute() -> None:
    def shares(t: float) -> list[float]:
        (split,) = moment("canary", t).effects
        assert isinstance(split, Split)
        return [share for _, share in split.shares]

    assert shares(0) == [80, 10, 10]
    assert shares(30) == [55, 35, 10]
    assert shares(60) == shares(600) == [30, 60, 10]


def test_tour_shows_every_act_with_rests_between() -> None:
    turn = REST_S + ACT_S
    acts = [moment(TOUR, turn * i + REST_S + 1).act for i in range(len(ACTS))]
    rests = {moment(TOUR, turn * i + 1).act for i in range(len(ACTS))}

    assert acts == [*ACTS]
    assert rests == {"steady"}
    assert moment(TOUR, turn * len(ACTS) + REST_S + 1).act == ACTS[0]


def test_tour_holds_every_incident_that_is_not_istios_own() -> None:
    named = {scenario.name for scenario in DEMO}

    assert named - {*ACTS, "steady"} == {"ratings-fault"}


def test_ratings_delay_shows_all_the_way_up() -> None:
    edges = _edges(run(named(), MINUTE, scenario="ratings-delay"))

    for source, target in (
        ("reviews-v2", "ratings-v1"),
        ("reviews-v3", "ratings-v1"),
        ("productpage-v1", "reviews-v2"),
        ("productpage-v1", "reviews-v3"),
    ):
        server_ms = edges[source, target]["server_ms"]
        assert server_ms is not None
        assert server_ms["p50"] > 7000
        assert edges[source, target]["error_ratio"] == 0
    quick = edges["productpage-v1", "reviews-v1"]["server_ms"]
    # Two pages in three wait for ratings.
    gateway = edges["istio-ingressgateway", "productpage-v1"]["server_ms"]
    assert quick is not None
    assert gateway is not None
    assert quick["p99"] < 1000 < 7000 < gateway["p50"]


def test_canary_shifts_the_requests() -> None:
    edges = _edges(run(named(), MINUTE, scenario="canary:full"))
    rps = {v: edges["catalog-v1", f"movies-{v}"]["rps"] for v in ("v1", "v2", "v3")}
    total = sum(rps.values())

    assert total == pytest.approx(40, rel=0.1)
    assert rps["v1"] / total == pytest.approx(0.3, abs=0.03)
    assert rps["v2"] / total == pytest.approx(0.6, abs=0.03)


def test_a_third_of_payments_fails_some_without_a_server() -> None:
    edges = _edges(run(named(), MINUTE, scenario="payments-503", load=3))
    answered = edges["bookings-v1", "payments-v1"]
    lost = edges["bookings-v1", "payments"]
    flags = {o["client_flags"] for o in lost["outcomes"]}
    failed = answered["errors"] + lost["errors"]

    assert flags == {"UH", "UF", "UO"}
    assert {o["code"] for o in lost["outcomes"]} == {"503"}
    assert failed / (answered["requests"] + lost["requests"]) == pytest.approx(0.3, abs=0.03)


def test_failing_payments_fail_the_checkout_and_the_shop() -> None:
    edges = _edges(run(named(), MINUTE, scenario="payments-503", load=3))

    assert edges["frontend", "checkoutservice"]["error_ratio"] == pytest.approx(0.3, abs=0.06)
    assert edges["istio-ingressgateway", "frontend"]["errors"] > 0


def test_plaintext_mixes_on_one_edge_and_its_caller_grows() -> None:
    usual_edges = _edges(run(named(), MINUTE))
    edges = _edges(run(named(), MINUTE, scenario="plaintext-client:full"))
    mixed = {
        pair
        for pair, edge in edges.items()
        if edge["mtls_ratio"] is not None and 0 < edge["mtls_ratio"] < 1
    }

    assert mixed == {("productpage-v1", f"reviews-{v}") for v in ("v1", "v2", "v3")}
    for pair in mixed:
        assert edges[pair]["mtls_ratio"] == pytest.approx(0.7, abs=0.07)
    before = usual_edges["batch-export", "details-v1"]["rps"]
    assert edges["batch-export", "details-v1"]["rps"] == pytest.approx(6 * before, rel=0.3)


def test_istios_fault_is_told_by_the_callers_alone() -> None:
    edges = _edges(run(named(), MINUTE, scenario="ratings-fault"))
    edge = edges["reviews-v2", "ratings-v1"]
    server_ms, client_ms = edge["server_ms"], edge["client_ms"]
    delayed = sum(o["requests"] for o in edge["outcomes"] if o["client_flags"] == "DI")

    assert server_ms is not None
    assert client_ms is not None
    assert server_ms["p99"] < 1000 < 7000 < client_ms["p95"]
    assert delayed / edge["requests"] == pytest.approx(0.5, abs=0.06)
    assert edge["error_ratio"] == 0


def test_rolling_restart_replaces_one_pod_after_another() -> None:
    simulator = run(named(), 0, scenario="rolling-restart")
    before = list(simulator.pods.serving)
    for _ in range(37):
        simulator.step()
    replaced = [slot for slot, pod in enumerate(before) if simulator.pods.serving[slot] != pod]

    # Steps end at 0.5 s; restarts are due at 6, 12 and 18 s.
    assert replaced == simulator.pods.reporting()[:3]
    for slot in replaced:
        deployment = before[slot].name.rpartition("-")[0]
        assert simulator.pods.serving[slot].name.rpartition("-")[0] == deployment


def test_rolling_restart_leaves_the_traffic_as_it_was() -> None:
    quiet = _edges(run(named(), MINUTE))
    restarted = _edges(run(named(), MINUTE, scenario="rolling-restart"))

    assert {pair: e["requests"] for pair, e in quiet.items()} == {
        pair: e["requests"] for pair, e in restarted.items()
    }
