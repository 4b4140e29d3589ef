"""meshviz against the truth: a simulated mesh, a real Prometheus, every scenario.

Rates, error and mTLS ratios within 5 % (and the 1/window that a counter's edges are worth),
quantiles within one bucket of Istio's histograms.
"""

from bisect import bisect_left

import pytest

from graph.core.wire import Edge, GraphType, Snapshot
from graph.demo.truth import Latency
from tests.truth.conftest import SCENARIOS, WINDOW_S, Measured
from tests.truth.expected import Expected, Name, expected_edges

GRAPH_TYPES: tuple[GraphType, ...] = ("workload", "app", "versioned_app", "service", "namespace")
# Edges below this many true requests in the window say more about chance than about meshviz.
ENOUGH = 60
# A quantile that rests on fewer slower requests than this is a matter of chance too.
ENOUGH_IN_THE_TAIL = 6

ISTIO_BUCKETS_MS = (
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
    1800000, 3600000,
)  # fmt: skip

scenario = pytest.mark.parametrize("name", SCENARIOS)
every_type = pytest.mark.parametrize("graph_type", GRAPH_TYPES)

Pairs = list[tuple[Edge, Expected]]


def names(view: Snapshot, graph_type: GraphType) -> dict[str, Name]:
    versioned = graph_type in ("workload", "versioned_app")
    return {
        node["id"]: (node["name"], node["version"] if versioned else None, node["namespace"])
        if node["kind"] != "gateway"
        else (node["name"], node["version"], node["namespace"])
        for node in view["nodes"]
    }


def pairs(measured: Measured, graph_type: GraphType) -> Pairs:
    """Return each drawn edge beside what it should be; fail when either is alone."""
    view = measured.view(graph_type)
    named = names(view, graph_type)
    drawn = {
        (named[edge["source"]], named[edge["target"]], str(edge["protocol"])): edge
        for edge in view["edges"]
    }
    assert len(drawn) == len(view["edges"])
    true = expected_edges(measured.truth, graph_type)
    busy = {key for key, edge in true.items() if edge.requests >= ENOUGH}
    assert busy <= drawn.keys(), f"not drawn: {busy - drawn.keys()}"
    assert drawn.keys() <= true.keys(), f"made up: {drawn.keys() - true.keys()}"
    return [(drawn[key], true[key]) for key in sorted(busy, key=str)]


@scenario
@every_type
def test_rates_are_true(measured: dict[str, Measured], name: str, graph_type: GraphType) -> None:
    for edge, true in pairs(measured[name], graph_type):
        if edge["protocol"] != "tcp":
            rps = true.rps(measured[name].truth["seconds"])
            assert edge["rps"] == pytest.approx(rps, rel=0.05, abs=1 / WINDOW_S), edge["id"]


@scenario
@every_type
def test_error_ratios_are_true(
    measured: dict[str, Measured], name: str, graph_type: GraphType
) -> None:
    for edge, true in pairs(measured[name], graph_type):
        if edge["protocol"] != "tcp":
            got = edge["error_ratio"]
            assert got == pytest.approx(true.error_ratio, rel=0.05, abs=0.01), edge["id"]


@scenario
@every_type
def test_mtls_is_true(measured: dict[str, Measured], name: str, graph_type: GraphType) -> None:
    for edge, true in pairs(measured[name], graph_type):
        ratio = true.mtls_ratio
        if ratio is None:
            assert edge["mtls"] == {"state": "unknown", "ratio": None}, edge["id"]
        else:
            # A connection carries many bytes or few, so TCP shares swing more than requests do.
            assert edge["mtls"]["ratio"] == pytest.approx(ratio, rel=0.05, abs=0.01), edge["id"]


def bucket(value_ms: float) -> int:
    return bisect_left(ISTIO_BUCKETS_MS, value_ms)


def exact_ms(true: Expected) -> Latency:
    """Return the true latency by the proxy whose report counts."""
    (line,) = true.lines
    exact = line["server_ms"] if "destination" in line["reporters"] else line["client_ms"]
    assert exact is not None
    return exact


@scenario
def test_quantiles_are_true_within_one_bucket(measured: dict[str, Measured], name: str) -> None:
    for edge, true in pairs(measured[name], "workload"):
        if edge["protocol"] == "tcp" or len(true.lines) != 1:
            continue
        exact = exact_ms(true)
        for quantile, tail in (("p50", 0.5), ("p90", 0.1), ("p95", 0.05), ("p99", 0.01)):
            if true.requests * tail < ENOUGH_IN_THE_TAIL:
                continue
            got = edge["latency_ms"][quantile]
            assert got is not None, edge["id"]
            off = abs(bucket(got) - bucket(exact[quantile]))
            assert off <= 1, f"{edge['id']} {quantile}: {got} is not {exact[quantile]}"


@scenario
def test_mean_latency_is_true(measured: dict[str, Measured], name: str) -> None:
    for edge, true in pairs(measured[name], "workload"):
        if edge["protocol"] == "tcp" or len(true.lines) != 1:
            continue
        mean = exact_ms(true)["mean_whole"]
        # A mean is carried by its slowest requests: the window's edges weigh more than in a count.
        assert edge["latency_ms"]["avg"] == pytest.approx(mean, rel=0.25, abs=1), edge["id"]


@scenario
def test_response_codes_are_true(measured: dict[str, Measured], name: str) -> None:
    for edge, true in pairs(measured[name], "workload"):
        if edge["protocol"] == "tcp":
            continue
        got: dict[str, float] = {}
        for response in edge["responses"]:
            got[response["code"]] = got.get(response["code"], 0.0) + response["rps"]
        seconds = measured[name].truth["seconds"]
        for code, requests in true.by_code.items():
            if requests >= ENOUGH:
                assert got[code] == pytest.approx(requests / seconds, rel=0.08, abs=1 / WINDOW_S)


@scenario
def test_tcp_bytes_are_true(measured: dict[str, Measured], name: str) -> None:
    for edge, true in pairs(measured[name], "workload"):
        if edge["protocol"] == "tcp":
            sent, received = true.bytes_per_s(measured[name].truth["seconds"])
            # Istio reports bytes every 5 s, an eighth of this window.
            assert edge["sent_bps"] == pytest.approx(sent, rel=0.2), edge["id"]
            assert edge["received_bps"] == pytest.approx(received, rel=0.2), edge["id"]


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
