"""meshviz against the truth: a simulated mesh, a real Prometheus, every scenario.

Rates, error and mTLS ratios within 5 % (and the 1/window that a counter's edges are worth),
quantiles within one bucket of Istio's histograms.
"""

import pytest

from graph.core.wire import GraphType
from tests.truth import compare
from tests.truth.compare import Pairs
from tests.truth.conftest import SCENARIOS, SCRAPE_INTERVAL_S, WINDOW_S, Measured

GRAPH_TYPES: tuple[GraphType, ...] = ("workload", "app", "versioned_app", "service", "namespace")

scenario = pytest.mark.parametrize("name", SCENARIOS)
every_type = pytest.mark.parametrize("graph_type", GRAPH_TYPES)


def pairs(measured: Measured, graph_type: GraphType) -> Pairs:
    """Return each drawn edge beside what it should be; fail when either is alone."""
    return compare.pairs(measured.view(graph_type), measured.truth, graph_type)


@scenario
@every_type
def test_rates_are_true(measured: dict[str, Measured], name: str, graph_type: GraphType) -> None:
    # What a new pod counts before its first scrape is worth one scrape at most.
    lost_s = SCRAPE_INTERVAL_S if name == "rolling-restart:full" else 0.0
    both = pairs(measured[name], graph_type)
    compare.check_rates(both, measured[name].truth, WINDOW_S, unseen_s=lost_s, lost_s=lost_s)


@scenario
@every_type
def test_error_ratios_are_true(
    measured: dict[str, Measured], name: str, graph_type: GraphType
) -> None:
    compare.check_error_ratios(pairs(measured[name], graph_type))


@scenario
@every_type
def test_mtls_is_true(measured: dict[str, Measured], name: str, graph_type: GraphType) -> None:
    compare.check_mtls(pairs(measured[name], graph_type))


@scenario
def test_quantiles_are_true_within_one_bucket(measured: dict[str, Measured], name: str) -> None:
    compare.check_quantiles(pairs(measured[name], "workload"))


@scenario
def test_mean_latency_is_true(measured: dict[str, Measured], name: str) -> None:
    compare.check_means(pairs(measured[name], "workload"))


@scenario
def test_response_codes_are_true(measured: dict[str, Measured], name: str) -> None:
    compare.check_codes(pairs(measured[name], "workload"), measured[name].truth, WINDOW_S)


@scenario
def test_tcp_bytes_are_true(measured: dict[str, Measured], name: str) -> None:
    compare.check_tcp_bytes(pairs(measured[name], "workload"), measured[name].truth)


def test_the_seven_seconds_show_along_the_chain(measured: dict[str, Measured]) -> None:
    view = measured["ratings-delay:full"].view("workload")
    named = {node["id"]: node["name"] for node in view["nodes"]}
    slow = {
        named[edge["target"]] for edge in view["edges"] if (edge["latency_ms"]["p95"] or 0) > 5000
    }

    assert slow == {"ratings-v1", "reviews-v2", "reviews-v3", "productpage-v1"}


def test_the_canary_splits_thirty_sixty_ten(measured: dict[str, Measured]) -> None:
    view = measured["canary:full"].view("workload")
    rps = {
        node["name"]: node["in"]["rps"] or 0.0 for node in view["nodes"] if node["app"] == "movies"
    }

    total = sum(rps.values())
    assert rps["movies-v1"] / total == pytest.approx(0.30, abs=0.03)
    assert rps["movies-v2"] / total == pytest.approx(0.60, abs=0.03)
    assert rps["movies-v3"] / total == pytest.approx(0.10, abs=0.03)


def test_failures_that_only_callers_saw_are_part_of_the_thirty_percent(
    measured: dict[str, Measured],
) -> None:
    view = measured["payments-503:full"].view("workload")
    (edge,) = (edge for edge in view["edges"] if edge["target"].endswith("/payments-v1"))

    assert edge["reporter"] == "mixed"
    assert {"UH", "UF", "UO"} <= {response["flags"] for response in edge["responses"]}
    assert edge["error_ratio"] == pytest.approx(0.30, abs=0.03)
    assert edge["health"] == "failing"


def test_one_edge_is_mixed_and_the_client_without_a_proxy_is_plaintext(
    measured: dict[str, Measured],
) -> None:
    view = measured["plaintext-client:full"].view("app")
    named = {node["id"]: node["name"] for node in view["nodes"]}
    states = {(named[e["source"]], named[e["target"]]): e["mtls"]["state"] for e in view["edges"]}

    assert states["productpage", "reviews"] == "mixed"
    assert states["unknown", "details"] == "plaintext"
    assert states["productpage", "details"] == "mtls"


def test_a_rolling_restart_makes_no_second_edge_and_no_spike(
    measured: dict[str, Measured],
) -> None:
    view = measured["rolling-restart:full"].view("workload")
    ids = [edge["id"] for edge in view["edges"]]

    assert len(ids) == len(set(ids))
    assert len(view["nodes"]) == len(measured["steady"].view("workload")["nodes"])
