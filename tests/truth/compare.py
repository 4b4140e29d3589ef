"""A drawn graph beside the truth: which edge should be which, and how near the numbers are."""

from bisect import bisect_left

import pytest

from graph.core.wire import Edge, GraphType, Snapshot
from graph.demo.truth import Latency, TrueRange
from tests.truth.expected import Expected, Name, expected_edges

# Edges below this many true requests in the window say more about chance than about meshviz.
ENOUGH = 60
# A quantile that rests on fewer slower requests than this is a matter of chance too.
ENOUGH_IN_THE_TAIL = 6

ISTIO_BUCKETS_MS = (
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
    1800000, 3600000,
)  # fmt: skip

Pairs = list[tuple[Edge, Expected]]


def names(view: Snapshot, graph_type: GraphType) -> dict[str, Name]:
    """Return what each node is called in the truth, by id."""
    versioned = graph_type in ("workload", "versioned_app")
    return {
        node["id"]: (node["name"], node["version"] if versioned else None, node["namespace"])
        if node["kind"] != "gateway"
        else (node["name"], node["version"], node["namespace"])
        for node in view["nodes"]
    }


def drawn(view: Snapshot, graph_type: GraphType) -> dict[tuple[Name, Name, str], Edge]:
    """Return the drawn edges by what the truth calls them; no two are called the same."""
    named = names(view, graph_type)
    edges = {
        (named[edge["source"]], named[edge["target"]], str(edge["protocol"])): edge
        for edge in view["edges"]
    }
    assert len(edges) == len(view["edges"]), "two edges between the same nodes"
    return edges


def pairs(view: Snapshot, truth: TrueRange, graph_type: GraphType, *, rare: float = 0.0) -> Pairs:
    """Return each drawn edge beside what it should be; fail when either is alone.

    Edges of fewer requests than ``rare`` may be missing, by chance.
    """
    edges = drawn(view, graph_type)
    true = expected_edges(truth, graph_type)
    busy = {key for key, edge in true.items() if edge.requests >= ENOUGH}
    assert busy, "nothing flowed"
    missing = {key for key in busy - edges.keys() if true[key].requests >= rare}
    assert not missing, f"not drawn: {missing}"
    assert edges.keys() <= true.keys(), f"made up: {edges.keys() - true.keys()}"
    return [(edges[key], true[key]) for key in sorted(busy & edges.keys(), key=str)]


def check_rates(
    both: Pairs,
    truth: TrueRange,
    window_s: int,
    *,
    unseen_s: float = 0.0,
    lost_s: float = 0.0,
) -> None:
    """Requests per second within 5 %, and the 1/window that a counter's edges are worth.

    ``unseen_s`` are seconds of the window that no scrape tells of: a rate takes them to be like the
    rest, so chance counts there (four standard deviations of as many requests). ``lost_s`` are
    seconds whose requests nobody can know of any more, so that the rate may be that much too low.
    """
    for edge, true in both:
        if edge["protocol"] != "tcp":
            rps = true.rps(truth["seconds"])
            slack = (1 + 4 * (rps * unseen_s) ** 0.5) / window_s
            low, high = 0.95 * rps * (1 - lost_s / window_s) - slack, 1.05 * rps + slack
            assert low <= (edge["rps"] or 0.0) <= high, f"{edge['id']}: {edge['rps']}, not {rps}"


def check_error_ratios(both: Pairs) -> None:
    """Shares of failed requests within 5 %."""
    for edge, true in both:
        if edge["protocol"] != "tcp":
            got = edge["error_ratio"]
            assert got == pytest.approx(true.error_ratio, rel=0.05, abs=0.01), edge["id"]


def check_mtls(both: Pairs) -> None:
    """The share of mutual TLS, and no word about it where nobody can know."""
    for edge, true in both:
        ratio = true.mtls_ratio
        if ratio is None:
            assert edge["mtls"] == {"state": "unknown", "ratio": None}, edge["id"]
        else:
            # A connection carries many bytes or few, so TCP shares swing more than requests do.
            assert edge["mtls"]["ratio"] == pytest.approx(ratio, rel=0.05, abs=0.01), edge["id"]


def check_codes(both: Pairs, truth: TrueRange, window_s: int) -> None:
    """Every response code that came often enough, within 8 %."""
    for edge, true in both:
        if edge["protocol"] == "tcp":
            continue
        got: dict[str, float] = {}
        for response in edge["responses"]:
            got[response["code"]] = got.get(response["code"], 0.0) + response["rps"]
        for code, requests in true.by_code.items():
            if requests >= ENOUGH:
                rps = requests / truth["seconds"]
                assert got[code] == pytest.approx(rps, rel=0.08, abs=1 / window_s), edge["id"]


def check_tcp_bytes(both: Pairs, truth: TrueRange) -> None:
    """Bytes of TCP connections within 20 %: Istio reports them every 5 s only."""
    for edge, true in both:
        if edge["protocol"] == "tcp":
            sent, received = true.bytes_per_s(truth["seconds"])
            assert edge["sent_bps"] == pytest.approx(sent, rel=0.2), edge["id"]
            assert edge["received_bps"] == pytest.approx(received, rel=0.2), edge["id"]


def bucket(value_ms: float) -> int:
    """Return the number of the bucket that a time falls into."""
    return bisect_left(ISTIO_BUCKETS_MS, value_ms)


def exact_ms(true: Expected) -> Latency:
    """Return the true latency by the proxy whose report counts."""
    (line,) = true.lines
    exact = line["server_ms"] if "destination" in line["reporters"] else line["client_ms"]
    assert exact is not None
    return exact


def timed(both: Pairs) -> list[tuple[Edge, Expected]]:
    """Return the pairs whose latency comes from one line of the truth."""
    return [
        (edge, true) for edge, true in both if edge["protocol"] != "tcp" and len(true.lines) == 1
    ]


def check_quantiles(both: Pairs) -> None:
    """Quantiles within one bucket of Istio's histograms."""
    for edge, true in timed(both):
        exact = exact_ms(true)
        for quantile, tail in (("p50", 0.5), ("p90", 0.1), ("p95", 0.05), ("p99", 0.01)):
            if true.requests * tail < ENOUGH_IN_THE_TAIL:
                continue
            got = edge["latency_ms"][quantile]
            assert got is not None, edge["id"]
            off = abs(bucket(got) - bucket(exact[quantile]))
            assert off <= 1, f"{edge['id']} {quantile}: {got} is not {exact[quantile]}"


def check_means(both: Pairs) -> None:
    """Mean latency: the few slowest requests carry it, so a window's edges weigh a quarter."""
    for edge, true in timed(both):
        mean = exact_ms(true)["mean_whole"]
        assert edge["latency_ms"]["avg"] == pytest.approx(mean, rel=0.25, abs=1), edge["id"]


def check_all(view: Snapshot, truth: TrueRange, graph_type: GraphType) -> None:
    """Everything that the truth knows of the drawn edges."""
    both = pairs(view, truth, graph_type)
    check_rates(both, truth, view["window_s"])
    check_error_ratios(both)
    check_mtls(both)
    check_codes(both, truth, view["window_s"])
    if graph_type == "workload":
        check_tcp_bytes(both, truth)
        check_quantiles(both)
        check_means(both)
