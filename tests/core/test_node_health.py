"""Which rules a node's health follows, and what it was before."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from graph.core import engine
from graph.core.engine import ViewSpec, ViewState
from graph.core.health import HealthRule, HealthRules, LatencyLimit, Tolerance
from graph.core.readings import read_slow
from graph.core.rules import MeshRules
from graph.core.samples import Sample
from tests.make import AT, buckets, harvest, labels, node_named, request

INBOUND = (Tolerance("5XX", "http", "inbound", 0.0, 0.01),)
OUTBOUND = (Tolerance("5XX", "http", "outbound", 0.0, 0.01),)
SPEC = ViewSpec("workload", 60, ())


def seen(
    *rules: HealthRule,
    before: ViewState | None = None,
    at: float = AT,
    idle: bool = False,
    **answers: Sequence[Sample],
) -> ViewState:
    """Return the view that an operator's rules give, after another one if there was one."""
    got = harvest(at, **answers)
    state = engine.start_feed(60, 5.0, MeshRules(health=HealthRules(rules)))
    state = engine.absorb_fast(state, got, 15.0, at)
    state = engine.absorb_slow(state, got, read_slow(got), at + 5, at)
    return engine.render(before, state, replace(SPEC, idle=idle), "epoch")[0]


def calls(failing: float, source: str, target: str) -> list[Sample]:
    """Return a hundred calls a second of which so many fail."""
    return [
        request(100 - failing, source=source, target=target),
        request(failing, source=source, target=target, response_code="500"),
    ]


@pytest.mark.parametrize(
    ("rule", "health"),
    [
        (HealthRule(tolerances=INBOUND), "failing"),
        (HealthRule("bookinfo", "workload", "reviews-.*", INBOUND), "failing"),
        (HealthRule(namespace="shop", tolerances=INBOUND), "degraded"),
        (HealthRule(kind="host", tolerances=INBOUND), "degraded"),
        (HealthRule(name="ratings-.*", tolerances=INBOUND), "degraded"),
    ],
)
def test_a_rule_is_for_nodes_whose_namespace_kind_and_name_fit(
    rule: HealthRule, health: str
) -> None:
    made = seen(rule, requests=calls(2, "productpage-v1", "reviews-v1"))

    assert node_named(made, "reviews-v1")["health"] == health


@pytest.mark.parametrize(("name", "is_meant"), [("reviews-.*", True), ("ratings-.*", False)])
@pytest.mark.parametrize("is_called", [True, False])
def test_a_rule_for_what_goes_out_judges_the_caller(
    name: str, is_meant: bool, is_called: bool
) -> None:
    called = [request(9)] if is_called else []
    made = seen(
        HealthRule(name=name, tolerances=OUTBOUND),
        HealthRule(tolerances=()),
        requests=[*called, *calls(2, "reviews-v1", "ratings-v1")],
    )

    assert (node_named(made, "reviews-v1")["health"] == "failing") is is_meant


@pytest.mark.parametrize("name", ["reviews-v1", "productpage-v1"])
def test_a_node_that_failed_has_to_be_clearly_better(name: str) -> None:
    """`productpage-v1` is called by nobody: it is judged by what it gets."""
    before = seen(requests=calls(20, "productpage-v1", "reviews-v1"))
    hardly = calls(9.5, "productpage-v1", "reviews-v1")
    after = seen(before=before, at=AT + 5, requests=hardly)

    assert node_named(before, name)["health"] == "failing"
    assert node_named(after, name)["health"] == "failing"
    assert node_named(seen(requests=hardly), name)["health"] == "degraded"


@pytest.mark.parametrize("is_called", [True, False])
def test_a_caller_that_failed_by_what_goes_out_has_to_be_clearly_better(is_called: bool) -> None:
    rules = (
        HealthRule(tolerances=(Tolerance("5XX", "http", "outbound", 0.05, 0.10),)),
        HealthRule(tolerances=()),
    )
    called = [request(9)] if is_called else []
    before = seen(*rules, requests=[*called, *calls(20, "reviews-v1", "ratings-v1")])
    hardly = [*called, *calls(9.5, "reviews-v1", "ratings-v1")]
    after = seen(*rules, before=before, at=AT + 5, requests=hardly)

    assert node_named(before, "reviews-v1")["health"] == "failing"
    assert node_named(after, "reviews-v1")["health"] == "failing"
    assert node_named(seen(*rules, requests=hardly), "reviews-v1")["health"] == "degraded"


@pytest.mark.parametrize("name", ["productpage-v1", "reviews-v1"])
def test_a_stream_that_has_not_ended_is_not_idle(name: str) -> None:
    stream = {"request_protocol": "grpc"}
    made = seen(
        requests=[request(0, grpc_response_status="0", **stream)],
        request_messages=[Sample(labels(**stream), 5)],
    )

    assert node_named(made, name)["health"] == "unknown"


def test_a_node_is_judged_by_its_response_times_where_a_rule_says_so() -> None:
    rule = HealthRule(name="reviews-.*", latency=(LatencyLimit("p95", "inbound", 50.0, 500.0),))
    slow = {"100": 0.0, "1000": 10.0, "+Inf": 10.0}
    told = {"requests": [request(10)], "duration_buckets": buckets(slow)}

    assert node_named(seen(rule, **told), "reviews-v1")["health"] == "failing"
    assert node_named(seen(**told), "reviews-v1")["health"] == "healthy"


def test_bytes_of_all_callers_are_added() -> None:
    callers = ("productpage-v1", "checkout-v1", "mobile-v1")
    sizes = [request(100, source=caller) for caller in callers]
    made = seen(
        requests=[request(1, source=caller) for caller in callers],
        response_bytes=sizes,
        request_bytes=[request(7, source=caller) for caller in callers],
    )

    inbound = node_named(made, "reviews-v1")["in"]
    assert (inbound["sent_bps"], inbound["received_bps"]) == (300, 21)


def test_a_node_that_was_too_slow_has_to_be_clearly_faster() -> None:
    rule = HealthRule(latency=(LatencyLimit("avg", "inbound", 50.0, 100.0),))
    calls_per_s = [Sample(labels(), 10)]

    def answering_in(average_ms: float, before: ViewState | None = None) -> ViewState:
        times = [Sample(labels(), 10 * average_ms)]
        told = {"requests": [request(10)], "duration_count": calls_per_s, "duration_sum": times}
        return seen(rule, before=before, at=AT + 5 if before else AT, **told)

    was = answering_in(120)
    assert node_named(was, "reviews-v1")["health"] == "failing"
    assert node_named(answering_in(95, was), "reviews-v1")["health"] == "failing"
    assert node_named(answering_in(95), "reviews-v1")["health"] == "degraded"
