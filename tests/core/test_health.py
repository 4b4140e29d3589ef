"""Health from tolerances, with hysteresis."""

import pytest

from graph.core.health import (
    DEFAULT_RULES,
    HealthRule,
    HealthRules,
    LatencyLimit,
    Subject,
    Tolerance,
    success,
    worst,
)
from graph.core.outcomes import Outcome
from graph.core.wire import Health, Latency, Protocol

REVIEWS = Subject("bookinfo", "workload", "reviews-v1")
OK = Outcome("200", "", "")


def http(code: str) -> Outcome:
    return Outcome(code, "", "")


def grpc(status: str, code: str = "200") -> Outcome:
    return Outcome(code, status, "")


def judged(
    bad: Outcome,
    share: float,
    protocol: Protocol = "http",
    before: Health | None = None,
    rules: HealthRules = DEFAULT_RULES,
) -> Health:
    """Return the health of 100 requests per second of which this share ended badly."""
    good = grpc("0") if protocol == "grpc" else OK
    outcomes = {good: 100 * (1 - share), bad: 100 * share}
    return rules.judge(REVIEWS, "inbound", protocol, outcomes, before)


def slow(p95: float | None) -> Latency:
    return {"avg": 1.0, "p50": 5000.0, "p90": 5000.0, "p95": p95, "p99": 5000.0}


@pytest.mark.parametrize(
    ("protocol", "bad", "share", "health"),
    [
        ("http", http("500"), 0.0, "healthy"),
        ("http", http("500"), 0.001, "degraded"),
        ("http", http("555"), 0.099, "degraded"),
        ("http", http("503"), 0.10, "failing"),
        ("http", http("404"), 0.09, "healthy"),
        ("http", http("404"), 0.10, "degraded"),
        ("http", http("429"), 0.20, "failing"),
        ("http", http("302"), 1.0, "healthy"),
        ("http", http("0"), 0.001, "degraded"),
        ("http", http("0"), 0.10, "failing"),
        ("http", http("5xx"), 0.10, "failing"),  # a mesh's own classification
        ("http", http("5XX"), 0.10, "failing"),
        ("http", http("42836664"), 1.0, "healthy"),
        ("grpc", grpc("14"), 0.001, "degraded"),
        ("grpc", grpc("16"), 0.10, "failing"),
        ("grpc", grpc("1"), 0.10, "failing"),
        ("grpc", grpc("9"), 0.10, "failing"),
        ("grpc", grpc("10"), 0.10, "failing"),
        ("grpc", grpc("0"), 1.0, "healthy"),
        ("grpc", grpc("0", code="0"), 1.0, "healthy"),
        ("grpc", grpc("", code="0"), 0.10, "failing"),
        ("grpc", grpc("14", code="503"), 0.10, "failing"),
        ("grpc", grpc("", code="503"), 0.10, "failing"),
        ("grpc", grpc("12", code="404"), 0.05, "degraded"),
        ("grpc", grpc("12", code="404"), 0.15, "failing"),
        ("grpc", grpc("0", code="404"), 0.05, "healthy"),
        ("grpc", grpc("0", code="404"), 0.15, "degraded"),
    ],
)
def test_default_limits(protocol: Protocol, bad: Outcome, share: float, health: Health) -> None:
    assert judged(bad, share, protocol) == health


def test_shares_are_of_all_requests_of_the_protocol() -> None:
    outcomes = {OK: 90.0, http("500"): 6.0, http("503"): 6.0}

    assert DEFAULT_RULES.judge(REVIEWS, "inbound", "http", outcomes, None) == "failing"


def test_the_worst_tolerance_counts() -> None:
    outcomes = {OK: 70.0, http("404"): 25.0, http("500"): 5.0}

    assert DEFAULT_RULES.judge(REVIEWS, "inbound", "http", outcomes, None) == "failing"


def test_no_requests_is_idle_not_healthy() -> None:
    assert DEFAULT_RULES.judge(REVIEWS, "inbound", "http", {}, None) == "idle"
    assert DEFAULT_RULES.judge(REVIEWS, "inbound", "http", {OK: 0.0}, None) == "idle"


def test_what_no_rule_speaks_of_is_unknown() -> None:
    bad = {http("500"): 1.0}

    assert DEFAULT_RULES.judge(REVIEWS, "inbound", "tcp", bad, None) == "unknown"
    assert DEFAULT_RULES.judge(REVIEWS, "outbound", "http", bad, None) == "unknown"


def test_getting_better_takes_more_than_touching_the_line() -> None:
    assert judged(http("500"), 0.095) == "degraded"
    assert judged(http("500"), 0.095, before="failing") == "failing"
    assert judged(http("500"), 0.095, before="degraded") == "degraded"
    assert judged(http("500"), 0.08, before="failing") == "degraded"
    assert judged(http("404"), 0.09, before="degraded") == "degraded"
    assert judged(http("404"), 0.09, before="failing") == "degraded"
    assert judged(http("404"), 0.09, before="healthy") == "healthy"
    assert judged(http("404"), 0.08, before="degraded") == "healthy"


def test_no_error_is_healthy_even_where_none_is_tolerated() -> None:
    rules = HealthRules((HealthRule(tolerances=(Tolerance("5XX", "http", "inbound", 0.0, 0.0),)),))

    assert judged(http("500"), 0.0, rules=rules, before="failing") == "healthy"
    assert judged(http("500"), 0.001, rules=rules) == "failing"


def test_the_first_rule_that_fits_is_the_only_one_used() -> None:
    lenient = (Tolerance("5XX", "http", "inbound", 0.5, 0.9),)
    rules = HealthRules(
        (
            HealthRule(namespace="shop", tolerances=()),
            HealthRule(kind="app", tolerances=()),
            HealthRule(name="reviews-.*", tolerances=lenient),
            HealthRule(),
        )
    )

    assert judged(http("500"), 0.4, rules=rules) == "healthy"
    assert judged(http("404"), 0.9, rules=rules) == "healthy"
    other = Subject("bookinfo", "workload", "my-reviews-v1")
    assert rules.judge(other, "inbound", "http", {http("500"): 1.0}, None) == "failing"
    shop = Subject("shop", "workload", "reviews-v1")
    assert rules.judge(shop, "inbound", "http", {http("500"): 1.0}, None) == "unknown"


def test_rules_of_an_operator_come_before_the_default() -> None:
    rules = HealthRules((HealthRule(name="ratings"),))

    assert judged(http("500"), 0.10, rules=rules) == "failing"


@pytest.mark.parametrize("name", ["", "two\nlines", "<b>", 'say "hi"', "名前", "x" * 300])
def test_a_name_of_any_content_has_a_rule(name: str) -> None:
    subject = Subject(name, "external", name)
    silent = HealthRules((HealthRule(tolerances=()),))

    assert DEFAULT_RULES.judge(subject, "inbound", "http", {http("500"): 1}, None) == "failing"
    assert silent.judge(subject, "inbound", "http", {http("500"): 1}, None) == "unknown"


def test_each_direction_has_tolerances_of_its_own() -> None:
    rules = HealthRules((HealthRule(tolerances=(Tolerance("5XX", "http", "outbound", 0.0, 0.5),)),))
    bad = {http("500"): 1.0}

    assert rules.judge(REVIEWS, "outbound", "http", bad, None) == "failing"
    assert rules.judge(REVIEWS, "inbound", "http", bad, None) == "unknown"


def test_tcp_is_judged_by_flags_where_a_rule_says_so() -> None:
    rules = HealthRules((HealthRule(tolerances=(Tolerance("UF|DENY", "tcp", ".*", 0.0, 0.5),)),))
    refused = {Outcome("", "", ""): 6.0, Outcome("", "", "UF,URX"): 4.0}

    assert rules.judge(REVIEWS, "inbound", "tcp", refused, None) == "degraded"
    assert rules.judge(REVIEWS, "inbound", "tcp", {Outcome("", "", ""): 6.0}, None) == "healthy"


def test_slow_answers_are_judged_where_a_rule_says_so() -> None:
    rules = HealthRules((HealthRule(latency=(LatencyLimit("p95", "inbound", 500, 2000),)),))

    def of(p95: float | None, before: Health | None = None) -> Health:
        return rules.judge_latency(REVIEWS, "inbound", slow(p95), before)

    assert of(499) == "healthy"
    assert (of(500), of(1999), of(2000)) == ("degraded", "degraded", "failing")
    assert (of(1800, "failing"), of(1600, "failing")) == ("failing", "degraded")
    assert of(None) == "unknown"
    assert rules.judge_latency(REVIEWS, "outbound", slow(9000), None) == "unknown"
    assert DEFAULT_RULES.judge_latency(REVIEWS, "inbound", slow(9000), None) == "unknown"


def test_a_mesh_whose_names_never_stop_changing_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("graph.core.health._SUBJECTS_KEPT", 3)
    rules = HealthRules((HealthRule(name="job-7", tolerances=()),))

    seen = [
        rules.judge(Subject("", "workload", f"job-{n}"), "inbound", "http", {OK: 1}, None)
        for n in range(9)
    ]

    assert len(rules._found) <= 3
    assert seen == ["healthy"] * 7 + ["unknown", "healthy"]


def test_worst_of_several() -> None:
    assert worst("healthy", "failing", "idle") == "failing"
    assert worst() == "unknown"


def test_shares_of_success_add_up_over_codes() -> None:
    outcomes = {
        OK: 5.0,
        Outcome("404", "", ""): 1.0,
        Outcome("400", "", ""): 2.0,
        Outcome("500", "", ""): 0.5,
        Outcome("503", "", "UC"): 1.5,
    }

    assert success(outcomes, "http") == (10.0, 0.2, 0.3)


def test_whose_fault_a_failed_call_is_depends_on_the_protocol() -> None:
    refused = Outcome("200", "3", "")

    assert success({refused: 1.0}, "grpc").error_ratio == 1.0
    assert success({Outcome("404", "", ""): 1.0}, "tcp").client_error_ratio == 0.0
