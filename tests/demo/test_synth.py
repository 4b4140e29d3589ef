"""Made-up meshes: size, reproducibility, and the laws of published large meshes."""

from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from graph.demo.loader import load_all
from graph.demo.synth import LARGEST, scrape_interval_s, synthesize
from graph.demo.synth_load import BACKWARD_CALLS, LEAST_RPS, MOST_RPS
from graph.demo.topology import Topology, join
from tests.demo.meshes import page, run

SIZES = (10, 50, 300, 1000)
SEEDS = (1, 2, 3)
Edge = tuple[str, str]


@lru_cache(maxsize=16)
def made(services: int, seed: int = 3) -> Topology:
    return synthesize(services, seed)


@pytest.fixture(params=SIZES, ids=str)
def mesh(request: pytest.FixtureRequest) -> Topology:
    return made(request.param)


def _edges(mesh: Topology) -> set[Edge]:
    """Return (calling service, called service), however many versions there are."""
    home = {key: service.key for service in mesh.services for key, _ in service.split}
    return {(home.get(call.source, "outside"), call.service) for call in mesh.calls}


def _inner(mesh: Topology) -> set[Edge]:
    """Return the edges between services."""
    return {(source, target) for source, target in _edges(mesh) if source != "outside"}


def _entries(mesh: Topology) -> set[str]:
    return {call.service for call in mesh.calls if call.rps is not None}


def _namespace(key: str) -> str:
    return key.partition("/")[0]


def _in_degrees(mesh: Topology) -> list[int]:
    return sorted(Counter(target for _, target in _edges(mesh)).values())


def test_same_size_and_seed_give_the_same_mesh() -> None:
    assert synthesize(60, 5) == synthesize(60, 5)
    assert synthesize(60, 5) != synthesize(60, 6)


def test_there_are_as_many_services_as_asked_for(mesh: Topology) -> None:
    assert len(mesh.services) in SIZES
    assert len(mesh.services) == len({service.key for service in mesh.services})


def test_edges_are_about_three_a_service_at_most(mesh: Topology) -> None:
    assert 1.5 * len(mesh.services) <= len(_edges(mesh)) <= 3.0 * len(mesh.services)


def test_every_service_is_called(mesh: Topology) -> None:
    assert {call.service for call in mesh.calls} == {service.key for service in mesh.services}


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_of_entries_leaves_and_tcp_are_the_published_ones(seed: int) -> None:
    mesh = made(1000, seed)
    calling = {source for source, _ in _inner(mesh)}
    leaves = {service.key for service in mesh.services} - calling - _entries(mesh)
    tcp = sum(call.protocol == "tcp" for call in mesh.calls) / len(mesh.calls)

    assert len(_entries(mesh)) == 130
    # A middle service may end up without calls of its own, which makes it a leaf.
    assert 390 <= len(leaves) <= 450
    assert 0.2 <= tcp <= 0.3


@pytest.mark.parametrize(
    ("services", "busiest"), [(100, (7, 30)), (1000, (40, 300)), (LARGEST, (200, 1500))]
)
def test_callers_follow_a_zipf_law(services: int, busiest: tuple[int, int]) -> None:
    counts = _in_degrees(made(services))

    assert counts[len(counts) // 2] <= 3
    assert busiest[0] <= counts[-1] <= busiest[1]


def test_one_service_in_a_hundred_is_a_hub() -> None:
    counts = _in_degrees(made(LARGEST))

    assert 0.005 <= sum(count >= 16 for count in counts) / len(counts) <= 0.03


@pytest.mark.parametrize("services", [1000, LARGEST])
def test_fan_out_has_a_pareto_tail(services: int) -> None:
    degrees = np.array(list(Counter(source for source, _ in _inner(made(services))).values()))
    tail = degrees[degrees >= 5]
    alpha = 1 / np.mean(np.log(tail / 4.5))

    assert 2.7 <= degrees.mean() <= 5.0
    assert 1.4 <= alpha <= 2.4
    # Clipped at forty, and a few more for services that somebody has to call.
    assert 20 <= degrees.max() <= 70


@pytest.mark.parametrize("services", [1000, LARGEST])
def test_chains_are_four_or_five_calls_deep_and_never_more_than_ten(services: int) -> None:
    mesh = made(services)
    home = {key: service.key for service in mesh.services for key, _ in service.split}
    below: dict[str, set[str]] = {}
    for call in mesh.calls:
        if (call.per_request or 0) > BACKWARD_CALLS:
            below.setdefault(home[call.source], set()).add(call.service)

    @cache
    def depth(service: str) -> int:
        return max((1 + depth(called) for called in below.get(service, ())), default=0)

    depths = Counter(depth(entry) for entry in _entries(mesh))
    assert max(depths) <= 10
    assert depths.most_common(1)[0][0] in (3, 4, 5)


def test_about_one_edge_in_a_hundred_leads_back_to_a_caller() -> None:
    edges = _edges(made(1000))

    mutual = sum((target, source) in edges for source, target in edges) / 2
    assert 0.005 * len(edges) <= mutual <= 0.03 * len(edges)
    # Cycles join few services; the rest stays a tree.
    knots = nx.strongly_connected_components(nx.DiGraph(list(_inner(made(1000)))))
    assert max(map(len, knots)) <= 60


@pytest.mark.parametrize(("services", "namespaces"), [(100, 3), (1000, 25), (LARGEST, 250)])
def test_namespaces_are_of_very_different_sizes(services: int, namespaces: int) -> None:
    sizes = sorted(Counter(s.namespace for s in made(services).services).values())

    assert len(sizes) == namespaces
    assert sizes[-1] >= 1.5 * services / namespaces
    assert sizes[-1] <= 0.7 * services
    if namespaces > 20:
        assert sizes[0] <= 20 <= sizes[len(sizes) // 2] <= 40
        assert 80 <= sizes[-1] <= 400


def test_most_calls_stay_in_their_namespace_and_the_platform_is_called_from_everywhere() -> None:
    edges = _inner(made(LARGEST))
    home = sum(_namespace(source) == _namespace(target) for source, target in edges)
    between = {(_namespace(source), _namespace(target)) for source, target in edges}
    between = {pair for pair in between if pair[0] != pair[1]}
    callers = sorted(Counter(target for _, target in between).values())

    assert 0.6 <= home / len(edges) <= 0.85
    # Few enough to draw, which is what an overview of namespaces lives on.
    assert 4 * 250 <= len(between) <= 16 * 250
    assert callers[-1] >= 120
    assert callers[len(callers) // 2] <= 8


def test_gateways_share_many_entries() -> None:
    one, several = made(1000), made(LARGEST)

    assert len({call.source for call in one.calls if call.rps is not None}) == 1
    doors = Counter(call.source for call in several.calls if call.rps is not None)
    assert len(doors) == 5
    assert max(doors.values()) <= 300


def test_entries_have_very_different_rates() -> None:
    rates = sorted(call.rps for call in made(LARGEST).calls if call.rps is not None)

    assert rates[0] == LEAST_RPS
    assert 2 <= rates[len(rates) // 2] <= 4.5
    assert 40 <= rates[round(0.99 * len(rates))] <= MOST_RPS


def test_some_services_have_a_canary_and_some_calls_fail() -> None:
    mesh = made(1000)
    two = [service for service in mesh.services if len(service.split) == 2]
    calls = [call for call in mesh.calls if call.protocol != "tcp"]
    shares = sorted(share for call in calls for _, share in call.errors)

    assert 30 <= len(two) <= 90
    assert all(dict(service.split)[service.split[0][0]] == 90 for service in two)
    # 1.2 label sets for every edge, and now and then a call that fails a lot.
    assert 0.15 <= len(shares) / len(calls) <= 0.3
    assert shares[len(shares) // 2] <= 0.01
    assert 0.05 <= shares[-1] <= 0.15
    assert {outcome.reached for call in calls for outcome, _ in call.errors} == {True, False}


@pytest.mark.parametrize("services", [10, 300, 1000])
def test_traffic_reaches_every_call_without_exploding(services: int) -> None:
    mesh = made(services)
    simulator = run(join([load_all(), mesh]), steps=240)
    edges = simulator.truth.between(simulator.at - 120, simulator.at)["edges"]
    synthetic = [edge for edge in edges if edge["service_namespace"] not in _NAMED]

    reached = {edge["service"] for edge in synthetic}
    assert len(reached) >= 0.97 * len(mesh.services)
    # CALLS_PER_REQUEST keeps each level about as busy as the one above it.
    assert sum(edge["rps"] for edge in synthetic) <= 15 * len(mesh.services)


_NAMED = {"bookinfo", "smm-demo", "boutique", "unknown", ""}


def test_big_meshes_tell_less_so_that_a_small_machine_can_scrape_them() -> None:
    small, big = made(1000), made(1010)
    target = next(
        call.service for call in big.calls if call.rps is not None and call.protocol == "http"
    )
    shown = page(run(join([load_all(), big]), steps=60), f"{target}-v1")

    assert {(workload.buckets, workload.sizes) for workload in small.workloads} == {((), True)}
    assert "istio_request_bytes_sum" not in shown
    marks = [labels.rpartition('le="')[2] for labels in shown[_BUCKET]]
    assert set(marks) == {'1"', '5"', '10"', '50"', '100"', '500"', '1000"', '5000"'} | {
        '10000"',
        '+Inf"',
    }


_BUCKET = "istio_request_duration_milliseconds_bucket"


def test_bigger_meshes_are_scraped_less_often() -> None:
    intervals = [scrape_interval_s(services) for services in (0, 100, 1000, 10_000)]

    assert all(earlier <= later for earlier, later in pairwise(intervals))
    assert intervals[0] == 5
    assert intervals[-1] == 60
