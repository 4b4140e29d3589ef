"""Every way in which a request can end badly, as both proxies tell it."""

import pytest

from graph.core.wire import Edge
from tests.scenarios.cases import case
from tests.scenarios.flows import Flow, flow, near
from tests.scenarios.recorded import Graph, Recorded

FLAGS = case("flags", load=2)
OPERATIONS = case("operations", load=2)


def edges_by_service(scene: Recorded) -> dict[str, Edge]:
    """Return the edges of the graph of services, by their target."""
    return {target: edge for (_, target, _), edge in Graph(scene.view("service")).edges.items()}


def told(true: Flow, *, client: bool) -> dict[tuple[str, str], float]:
    """Return how many requests per second really ended with each code and flags."""
    sums: dict[tuple[str, str], float] = {}
    for line in true.lines:
        for outcome in line["outcomes"]:
            flags = outcome["client_flags" if client else "server_flags"]
            code = outcome["grpc_status"] or outcome["code"]
            key = (code, "" if flags == "-" else flags)
            sums[key] = sums.get(key, 0.0) + outcome["requests"] / true.seconds
    return sums


@pytest.mark.scene(FLAGS)
@pytest.mark.parametrize(
    "service", ["unreached", "answered", "abandoned", "injected", "repeated", "rpc"]
)
def test_every_request_is_counted_once(scene: Recorded, service: str) -> None:
    true = flow(scene.truth(), service=service)
    edge = edges_by_service(scene)[service]

    assert edge["rps"] == near(true.rps)
    assert edge["error_ratio"] == pytest.approx(true.error_ratio, rel=0.07, abs=0.02)


@pytest.mark.scene(FLAGS)
@pytest.mark.parametrize("service", ["unreached", "answered", "injected"])
def test_the_client_s_codes_and_flags_are_all_there(scene: Recorded, service: str) -> None:
    true = flow(scene.truth(), service=service)
    client = edges_by_service(scene)[service]["client"]
    assert client is not None
    drawn = {(row["code"], row["flags"]): row["rps"] for row in client["responses"]}

    for outcome, rps in told(true, client=True).items():
        assert drawn[outcome] == near(rps), outcome


@pytest.mark.scene(FLAGS)
def test_an_aborted_request_has_no_server_and_counts_all_the_same(scene: Recorded) -> None:
    edge = edges_by_service(scene)["injected"]
    lost = flow(scene.truth(), service="injected", reached="no")
    assert edge["server"] is not None

    assert edge["server"]["error_ratio"] == 0
    assert edge["reporter"] == "mixed"
    assert {row["flags"] for row in edge["responses"] if row["error"]} == {"FI"}
    assert edge["gap"] is not None
    assert edge["gap"]["unreached_rps"] == near(lost.rps)


@pytest.mark.scene(FLAGS)
def test_an_injected_delay_is_the_caller_s_time_and_not_the_server_s(scene: Recorded) -> None:
    edge = edges_by_service(scene)["injected"]
    assert edge["client"] is not None
    assert edge["server"] is not None
    # A delay is not an error: 200 with the flag DI.
    assert ("200", "DI") in {(row["code"], row["flags"]) for row in edge["client"]["responses"]}
    (true,) = flow(scene.truth(), service="injected", reached="yes").lines
    assert true["server_ms"] is not None
    assert edge["server"]["latency_ms"]["avg"] == pytest.approx(
        true["server_ms"]["mean_whole"], rel=0.25, abs=1
    )


@pytest.mark.scene(FLAGS)
def test_what_callers_gave_up_on_is_told_apart_from_what_servers_failed(scene: Recorded) -> None:
    edge = edges_by_service(scene)["abandoned"]
    true = flow(scene.truth(), service="abandoned")
    timed_out = told(true, client=True)["504", "UT"]

    assert edge["gap"] is not None
    assert edge["gap"]["timed_out_rps"] == near(timed_out)
    # The servers' proxies saw those callers leave, and others that left of their own accord.
    assert edge["gap"]["abandoned_rps"] == near(true.errors_per_s)


@pytest.mark.scene(FLAGS)
def test_repeated_requests_are_the_server_s_and_the_difference_is_shown(scene: Recorded) -> None:
    edge = edges_by_service(scene)["repeated"]
    true = flow(scene.truth(), service="repeated")
    asked = sum(line["client_requests"] for line in true.lines) / true.seconds

    assert edge["client"] is not None
    assert edge["client"]["rps"] == near(asked)
    assert edge["rps"] == near(true.rps)
    assert edge["gap"] is not None
    assert edge["gap"]["retried_rps"] == near(true.rps - asked)


@pytest.mark.scene(FLAGS)
def test_tcp_that_found_no_server_is_part_of_the_edge(scene: Recorded) -> None:
    edge = Graph(scene.view()).edge("caller", "store", "tcp")
    lost = flow(scene.truth(), source="caller", service="store", reached="no")
    failed = sum(row["rps"] for row in edge["responses"] if row["flags"] in ("UF", "UH"))

    assert failed == near(lost.connections_per_s)


@pytest.mark.scene(OPERATIONS)
def test_operations_are_hidden_unless_asked_for(scene: Recorded) -> None:
    plain = Graph(scene.view("service"))

    assert set(plain.edges) == {("shop", "catalog", "http"), ("shop", "stock", "http")}
    assert plain.edge("shop", "catalog")["rps"] == near(flow(scene.truth(), service="catalog").rps)


@pytest.mark.scene(OPERATIONS)
def test_operations_have_their_own_rates_and_errors(scene: Recorded) -> None:
    graph = Graph(scene.view("service", operations=True))
    operations = {node["name"]: node for node in graph.view["nodes"] if node["kind"] == "operation"}

    assert set(operations) >= {"ListBooks", "GetBook", "DeleteBook"}
    for name in ("ListBooks", "GetBook", "DeleteBook"):
        true = flow(scene.truth(), operation=name)
        assert operations[name]["in"]["rps"] == near(true.rps)
        assert operations[name]["in"]["error_ratio"] == pytest.approx(true.error_ratio, abs=0.05)
