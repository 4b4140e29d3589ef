"""Which rules an edge's health follows, whose account it judges, and what it was before."""

from collections.abc import Sequence

import pytest

from graph.core.engine import ViewState
from graph.core.health import HealthRule, LatencyLimit, Tolerance
from graph.core.samples import Sample
from graph.core.wire import Edge
from tests.core.test_node_health import seen
from tests.make import AT, labels, request, tcp

Calls = Sequence[Sample]

INBOUND = Tolerance("5XX", "http", "inbound", 0.05, 0.10)
OUTBOUND = Tolerance("5XX", "http", "outbound", 0.05, 0.10)
NOTHING = HealthRule(tolerances=())


def edge_of(made: ViewState) -> Edge:
    (edge,) = made.picture.edges.values()
    return edge


def failing(share: float, *reporters: str) -> Calls:
    """Return a hundred calls a second of which so many in a hundred fail, as each side tells."""
    return [
        request(rate, reporter=reporter, response_code=code)
        for reporter in reporters
        for rate, code in ((100 - share, "200"), (share, "500"))
    ]


@pytest.mark.parametrize("tolerance", [INBOUND, OUTBOUND], ids=["inbound", "outbound"])
@pytest.mark.parametrize(
    "reporters", [("destination",), ("source",), ("source", "destination")], ids="-".join
)
def test_an_edge_that_failed_has_to_be_clearly_better(
    tolerance: Tolerance, reporters: tuple[str, ...]
) -> None:
    rules = HealthRule(tolerances=(tolerance,)), NOTHING
    before = seen(*rules, requests=failing(20, *reporters))
    hardly = failing(9.5, *reporters)
    after = seen(*rules, before=before, at=AT + 5, requests=hardly)

    assert edge_of(before)["health"] == "failing"
    assert edge_of(after)["health"] == "failing"
    assert edge_of(seen(*rules, requests=hardly))["health"] == "degraded"


@pytest.mark.parametrize(("namespace", "health"), [("bookinfo", "failing"), ("shop", "unknown")])
def test_what_only_the_caller_saw_fail_is_judged_by_the_rule_for_the_server(
    namespace: str, health: str
) -> None:
    rules = HealthRule(namespace, tolerances=(INBOUND,)), NOTHING
    calls = [*failing(20, "source"), *failing(0, "destination")]
    before = seen(*rules, requests=calls)
    hardly = [*failing(9.5, "source"), *failing(0, "destination")]
    after = seen(*rules, before=before, at=AT + 5, requests=hardly)

    assert edge_of(before)["health"] == health
    assert edge_of(after)["health"] == health


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_an_edge_that_was_too_slow_has_to_be_clearly_faster(direction: str) -> None:
    rules = HealthRule(tolerances=(), latency=(LatencyLimit("avg", direction, 50.0, 100.0),))

    def answering_in(average_ms: float, before: ViewState | None = None) -> Edge:
        return edge_of(answered(average_ms, before))

    def answered(average_ms: float, before: ViewState | None = None) -> ViewState:
        return seen(
            rules,
            before=before,
            at=AT + 5 if before else AT,
            requests=[request(10)],
            duration_count=[Sample(labels(), 10)],
            duration_sum=[Sample(labels(), 10 * average_ms)],
        )

    assert answering_in(120)["health"] == "failing"
    assert answering_in(95, answered(120))["health"] == "failing"
    assert answering_in(95)["health"] == "degraded"
    assert answering_in(20)["health"] == "healthy"


def test_shares_of_failed_connections_are_told_of_each_side_and_blame_nobody() -> None:
    server = {"target": "mysql-v1"}
    ended = labels(request_protocol="tcp", response_flags="-", **server)
    cut = {**ended, "response_flags": "UF"}
    edge = edge_of(
        seen(
            tcp_sent=[tcp(10, **server)],
            tcp_opened=[tcp(8, **server)],
            tcp_closed=[Sample(ended, 3), Sample(cut, 1)],
        )
    )

    assert edge["server"] is not None
    assert edge["client"] is None
    for told in (edge, edge["server"]):
        assert (told["error_ratio"], told["client_error_ratio"]) == (0.125, None)


@pytest.mark.parametrize(
    ("reporters", "reporter"),
    [
        (("source",), "source"),
        (("destination",), "destination"),
        (("source", "destination"), "destination"),
    ],
)
def test_an_edge_says_who_counted_it(reporters: tuple[str, ...], reporter: str) -> None:
    assert edge_of(seen(requests=failing(1, *reporters)))["reporter"] == reporter


@pytest.mark.parametrize(
    ("reporter", "told"), [("source", "source"), ("destination", "destination")]
)
def test_an_edge_without_traffic_says_who_would_count_it(reporter: str, told: str) -> None:
    made = seen(idle=True, requests=[request(0, reporter=reporter)])

    assert edge_of(made)["reporter"] == told


def test_messages_of_each_side_are_told() -> None:
    stream = {"request_protocol": "grpc"}
    edge = edge_of(
        seen(
            requests=[request(1, grpc_response_status="0", **stream)],
            request_messages=[Sample(labels(**stream), 5)],
            response_messages=[Sample(labels(**stream), 7)],
        )
    )

    assert edge["server"] is not None
    assert {edge["server"]["sent_mps"], edge["server"]["received_mps"]} == {5, 7}
    assert edge["server"]["sent_mps"] == edge["sent_mps"]
