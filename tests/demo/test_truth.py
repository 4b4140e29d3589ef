"""The truth against the proxies' counters, and what it refuses to answer."""

from pathlib import Path

import numpy as np
import pytest

from graph.demo.ledger import OPENED, RECEIVED, SENT
from graph.demo.simulator import STEP_S, STEPS_PER_FLUSH, Simulator
from graph.demo.truth import TrueEdge, TruthError
from tests.demo.meshes import STARTED, named, run, shop

STEPS = 6 * STEPS_PER_FLUSH


@pytest.fixture(scope="module", params=["steady", "payments-503", "ratings-fault"])
def mesh(request: pytest.FixtureRequest) -> Simulator:
    """The named applications; their counters are just flushed, so all are up to date."""
    return run(named(), STEPS, scenario=request.param)


def _everything(mesh: Simulator) -> list[TrueEdge]:
    return mesh.truth.between(STARTED, mesh.at)["edges"]


def _counted(mesh: Simulator, side: int, column: int) -> dict[tuple[int, int], int]:
    """Return (call, workload) -> the sum of a column of the request table on one side."""
    sums: dict[tuple[int, int], int] = {}
    for row, packed in enumerate(mesh.ledger.requests.keys):
        key = mesh.ledger.keys.unpack(packed)
        if key.side == side:
            place = key.call, key.workload
            value = int(mesh.ledger.requests.published[row, column])
            sums[place] = sums.get(place, 0) + value
    return sums


def _true(mesh: Simulator, reporter: str) -> dict[tuple[int, int], int]:
    plan = mesh.plan
    services = {service.host: service.key for service in plan.topology.services}
    requests: dict[tuple[int, int], int] = {}
    for edge in _everything(mesh):
        if edge["protocol"] == "tcp" or reporter not in edge["reporters"]:
            continue
        source = f"{edge['source']['namespace']}/{edge['source']['workload']}"
        call = next(
            i
            for i, spec in enumerate(plan.calls)
            if (spec.source, spec.service) == (source, services[edge["service"]])
        )
        target = edge["destination"]
        workload = (
            plan.workload_index[f"{target['namespace']}/{target['workload']}"]
            if target
            else len(plan.workloads)
        )
        requests[call, workload] = edge["requests"]
    return requests


@pytest.mark.parametrize(("side", "reporter"), [(0, "source"), (1, "destination")])
def test_truth_is_the_sum_of_the_counters(mesh: Simulator, side: int, reporter: str) -> None:
    assert _counted(mesh, side, column=0) == _true(mesh, reporter)


def test_bytes_are_the_sum_of_the_tcp_counters(mesh: Simulator) -> None:
    edges = [edge for edge in _everything(mesh) if edge["protocol"] == "tcp"]
    rows = len(mesh.ledger.tcp.keys)
    sides = np.array([mesh.ledger.keys.unpack(key).side for key in mesh.ledger.tcp.keys])
    for side in (0, 1):
        totals = mesh.ledger.tcp.published[:rows][sides == side].sum(axis=0)
        assert totals[SENT] == sum(edge["sent_bytes"] for edge in edges)
        assert totals[RECEIVED] == sum(edge["received_bytes"] for edge in edges)
        assert totals[OPENED] == sum(edge["connections_opened"] for edge in edges)


def test_outcomes_add_up_to_the_requests(mesh: Simulator) -> None:
    for edge in _everything(mesh):
        if edge["protocol"] != "tcp":
            assert sum(o["requests"] for o in edge["outcomes"]) == edge["requests"]
            assert sum(o["requests"] for o in edge["outcomes"] if o["error"]) == edge["errors"]


def test_quantiles_are_those_of_the_requests(mesh: Simulator) -> None:
    edge = next(e for e in _everything(mesh) if e["service_name"] == "reviews")
    own, target = edge["server_ms"], edge["destination"]
    assert own is not None
    assert target is not None
    requests = mesh.truth.question(STARTED, mesh.at).steps
    workload = mesh.plan.workload_index[f"bookinfo/{target['workload']}"]
    times = np.concatenate([r.server_ms[r.workload == workload] for r in requests])

    assert own["mean"] == pytest.approx(times.mean())
    assert own["p50"] == sorted(times)[int(np.ceil(0.5 * len(times))) - 1]
    assert own["p99"] == sorted(times)[int(np.ceil(0.99 * len(times))) - 1]
    assert own["mean_whole"] == pytest.approx(np.floor(times).mean())


def test_parts_add_up_to_the_whole(tmp_path: Path) -> None:
    mesh = run(shop(tmp_path), 40)
    middle = STARTED + 7.3

    def total(start: float, end: float) -> int:
        return sum(e["requests"] for e in mesh.truth.between(start, end)["edges"])

    assert total(STARTED, middle) + total(middle, mesh.at) == total(STARTED, mesh.at)


def test_a_range_says_how_much_it_holds(tmp_path: Path) -> None:
    mesh = run(shop(tmp_path), 40)
    held = mesh.truth.between(STARTED + 1, STARTED + 11)

    assert (held["steps"], held["seconds"]) == (20, 20 * STEP_S)
    for edge in held["edges"]:
        assert edge["rps"] == edge["requests"] / held["seconds"]


@pytest.mark.parametrize(
    ("start", "end"),
    [(STARTED - 60, STARTED + 5), (STARTED, STARTED + 60), (STARTED + 5, STARTED + 5)],
    ids=["before", "ahead", "empty"],
)
def test_what_is_not_known_in_full_is_refused(tmp_path: Path, start: float, end: float) -> None:
    mesh = run(shop(tmp_path), 40)

    with pytest.raises(TruthError):
        mesh.truth.between(start, end)


def test_an_unmeshed_callers_edge_is_plaintext_and_told_by_the_server(tmp_path: Path) -> None:
    edges = _everything(run(shop(tmp_path), 40))
    edge = next(e for e in edges if e["source"]["workload"] == "old")

    assert edge["reporters"] == ["destination"]
    assert edge["mtls_ratio"] == 0.0


def test_an_outside_host_has_no_known_security_and_one_reporter(tmp_path: Path) -> None:
    edges = _everything(run(shop(tmp_path), 40))
    edge = next(e for e in edges if e["service"] == "pay.example.com" and e["destination"])

    assert edge["reporters"] == ["source"]
    assert edge["mtls_ratio"] is None


def test_requests_that_found_no_server_stand_apart(tmp_path: Path) -> None:
    edges = _everything(run(shop(tmp_path), 40))
    lost = [e for e in edges if e["destination"] is None]

    assert [e["service"] for e in lost] == ["pay.example.com"]
    assert lost[0]["errors"] == lost[0]["requests"] > 0
    assert lost[0]["server_ms"] is None
