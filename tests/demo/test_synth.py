"""Made-up meshes: size, shape, reproducibility."""

from collections import Counter

import pytest

from graph.demo.loader import load_all
from graph.demo.synth import synthesize
from graph.demo.topology import Topology, join
from tests.demo.meshes import run

SIZES = (10, 50, 300, 1000)


@pytest.fixture(scope="module", params=SIZES, ids=str)
def mesh(request: pytest.FixtureRequest) -> Topology:
    return synthesize(request.param, seed=3)


def _edges(mesh: Topology) -> set[tuple[str, str]]:
    """Return (calling service, called service), however many versions there are."""
    home = {key: service.key for service in mesh.services for key, _ in service.split}
    return {(home.get(call.source, "outside"), call.service) for call in mesh.calls}


def test_same_size_and_seed_give_the_same_mesh() -> None:
    assert synthesize(60, 5) == synthesize(60, 5)
    assert synthesize(60, 5) != synthesize(60, 6)


def test_there_are_as_many_services_as_asked_for(mesh: Topology) -> None:
    assert len({service.key for service in mesh.services}) in SIZES
    assert len(mesh.services) == len({service.key for service in mesh.services})


def test_edges_are_about_three_a_service_at_most(mesh: Topology) -> None:
    edges = len(_edges(mesh))

    assert 1.5 * len(mesh.services) <= edges <= 3.0 * len(mesh.services)


def test_every_service_is_called(mesh: Topology) -> None:
    assert {call.service for call in mesh.calls} == {service.key for service in mesh.services}


def test_several_namespaces_share_the_services(mesh: Topology) -> None:
    sizes = Counter(service.namespace for service in mesh.services)

    assert len(sizes) >= 2
    assert max(sizes.values()) <= 40


def test_a_quarter_of_the_edges_is_tcp() -> None:
    mesh = synthesize(1000, 3)
    tcp = sum(call.protocol == "tcp" for call in mesh.calls) / len(mesh.calls)

    assert 0.2 <= tcp <= 0.3


def test_shares_of_entries_and_leaves_are_the_published_ones() -> None:
    mesh = synthesize(1000, 3)
    entered = {call.service for call in mesh.calls if call.rps is not None}
    calling = {source for source, _ in _edges(mesh)} - {"outside"}
    leaves = {service.key for service in mesh.services} - calling - entered

    assert len(entered) == 130
    # A middle service may end up without calls of its own, which makes it a leaf.
    assert 390 <= len(leaves) <= 450


def test_a_few_services_are_hubs_and_most_are_not() -> None:
    callers = Counter(target for _, target in _edges(synthesize(1000, 3)))
    counts = sorted(callers.values())

    assert counts[len(counts) // 2] <= 3
    assert 40 <= counts[-1] <= 200


def test_about_one_edge_in_a_hundred_leads_back_to_a_caller() -> None:
    edges = _edges(synthesize(1000, 3))

    mutual = sum((target, source) in edges for source, target in edges) / 2
    assert 0.005 * len(edges) <= mutual <= 0.03 * len(edges)


def test_traffic_reaches_every_call_without_exploding(mesh: Topology) -> None:
    simulator = run(join([load_all(), mesh]), steps=240)
    edges = simulator.truth.between(simulator.at - 120, simulator.at)["edges"]
    synthetic = [edge for edge in edges if edge["service_namespace"] not in _NAMED]

    reached = {edge["service"] for edge in synthetic}
    assert len(reached) >= 0.97 * len(mesh.services)
    # CALLS_PER_REQUEST keeps each level about as busy as the one above it.
    assert sum(edge["rps"] for edge in synthetic) <= 15 * len(mesh.services)


_NAMED = {"bookinfo", "smm-demo", "boutique", "unknown", ""}
