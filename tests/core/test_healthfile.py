"""Health files: what they mean, and that a bad one says in which line and why."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.health import (
    DEFAULT_TOLERANCES,
    HealthRule,
    HealthRules,
    LatencyLimit,
    Subject,
    Tolerance,
)
from graph.core.healthfile import load_text
from graph.core.outcomes import Outcome
from graph.core.strict_yaml import MAX_CHARACTERS, FileError

EXAMPLE = Path(__file__).parents[2] / "docs" / "health.example.yaml"
TOLERANCE = 'rules:\n- tolerances:\n  - {code: "5XX", degraded: 1%, failing: 2%}\n'


def refusal(text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        load_text(text, "health.yaml")
    return caught.value


def test_every_key_is_read() -> None:
    rules = load_text(
        """
        rules:
        - namespace: shop
          kind: workload|app
          name: pay.*
          tolerances:
          - {code: "4XX", protocol: http, direction: in.*, degraded: 0.5 %, failing: 100%}
          latency:
          - {quantile: p99, direction: outbound, degraded: 250ms, failing: 1.5s}
        """,
        "health.yaml",
    )

    assert rules == HealthRules(
        (
            HealthRule(
                "shop",
                "workload|app",
                "pay.*",
                (Tolerance("4XX", "http", "in.*", 0.005, 1.0),),
                (LatencyLimit("p99", "outbound", 250, 1500),),
            ),
        )
    )


def test_what_is_left_out_means_everything_inbound_and_requests() -> None:
    rules = load_text(TOLERANCE, "health.yaml")

    tolerance = Tolerance("5XX", "http|grpc", "inbound", 0.01, 0.02)
    assert rules.rules == (HealthRule(".*", ".*", ".*", (tolerance,), ()),)


def test_latency_alone_leaves_the_default_tolerances() -> None:
    text = "rules:\n- latency: [{quantile: avg, degraded: 1s, failing: 1s}]\n"
    (rule,) = load_text(text, "health.yaml").rules

    assert rule.tolerances == DEFAULT_TOLERANCES
    assert rule.latency == (LatencyLimit("avg", "inbound", 1000, 1000),)


def test_an_empty_list_of_tolerances_means_no_colour() -> None:
    rules = load_text("rules:\n- tolerances: []\n", "health.yaml")

    bad = {Outcome("500", "", ""): 1.0}
    subject = Subject("a", "workload", "b")
    assert rules.judge(subject, "inbound", "http", bad, None) == "unknown"


def test_a_code_may_be_written_as_a_number() -> None:
    (rule,) = load_text(TOLERANCE.replace('"5XX"', "503"), "health.yaml").rules

    assert rule.tolerances[0].code == "503"


def test_the_example_is_read_and_does_what_its_comments_say() -> None:
    rules = load_text(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)

    def judge(namespace: str, name: str, code: str, share: float) -> str:
        outcomes = {Outcome("200", "", ""): 1 - share, Outcome(code, "", ""): share}
        return rules.judge(Subject(namespace, "workload", name), "inbound", "http", outcomes, None)

    assert judge("shop", "payments", "500", 0.01) == "failing"
    assert judge("other", "payments", "500", 0.01) == "degraded"
    assert judge("shop", "login", "401", 0.9) == "healthy"
    assert judge("shop", "login", "400", 0.9) == "failing"
    assert judge("sandbox-7", "x", "500", 1.0) == "unknown"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "empty"),
        ("# nothing but words\n\n", 1, "empty"),
        ("rules: []\n", 1, "at least one"),
        ("hello\n", 1, "rules"),
        ("- rules\n", 1, "rules"),
        ("{}\n", 1, "rules are missing"),
        ("rules:\n- {}\n", 2, "needs tolerances"),
        ("rules:\n- name: a\n", 2, "needs tolerances"),
        ("rules: 7\n", 1, "a list is accepted"),
        ("rules:\n- tolerances: 7\n", 2, "a list is accepted"),
        ("rules:\n- tolerances:\n  - 5XX\n", 3, "keys with values"),
        ("rule: []\n", 1, "no such key; accepted are rules"),
        ("rules:\n- tolerances: []\n  nmae: a\n", 3, "no such key; accepted are namespace, kind"),
        ("rules:\n- tolerances: []\n  name: a\n  name: b\n", 4, "twice"),
        ("rules:\n- tolerances: []\n  name: no\n", 3, "quote"),
        ("rules:\n- tolerances: []\n  name:\n", 3, "quote"),
        ("rules:\n- tolerances: []\n  name: [a]\n", 3, "a text is accepted"),
        ('rules:\n- tolerances: []\n  name: ""\n', 3, "1 to 300 characters"),
        (f"rules:\n- tolerances: []\n  name: {'a' * 301}\n", 3, "1 to 300 characters"),
        ("rules:\n- tolerances: []\n  name: '('\n", 3, "'(' is not a regular expression: missing"),
        ("rules:\n- tolerances: []\n  name: '[[a]'\n", 3, "not a regular expression"),
        ("rules:\n- tolerances: []\n  name: 'a{9999999999999}'\n", 3, "not a regular expression"),
        ("rules:\n- tolerances: []\n  kind: deployment\n", 3, "fits none of workload, app"),
        (TOLERANCE.replace("code:", "protocol: https, code:"), 3, "fits none of http, grpc, tcp"),
        (TOLERANCE.replace("code:", "direction: in, code:"), 3, "fits none of inbound, outbound"),
        (TOLERANCE.replace('"5XX"', '"5XX)"'), 3, "not a regular expression"),
        (TOLERANCE.replace('code: "5XX", ', ""), 3, "code is missing"),
        (TOLERANCE.replace(", failing: 2%", ""), 3, "failing is missing"),
        (TOLERANCE.replace("1%", "0.01"), 3, "with its sign"),
        (TOLERANCE.replace("2%", "101%"), 3, "from 0% to 100%"),
        (TOLERANCE.replace("1%", "-1%"), 3, "from 0% to 100%"),
        (TOLERANCE.replace("1%", "1٣%"), 3, "from 0% to 100%"),
        (TOLERANCE.replace("2%", "0.5%"), 3, "failing (0.5%) begins below degraded (1%)"),
        ("rules:\n- latency: [{quantile: p96, degraded: 1s, failing: 2s}]\n", 2, "one of avg, p50"),
        ("rules:\n- latency: [{quantile: p95, degraded: 1, failing: 2s}]\n", 2, "250ms or 1.5s"),
        ("rules:\n- latency: [{quantile: p95, degraded: 0s, failing: 2s}]\n", 2, "above zero"),
        ("rules:\n- latency: [{quantile: p95, degraded: 2s, failing: 500ms}]\n", 2, "begins below"),
        ("rules:\n- latency: [{degraded: 2s, failing: 3s}]\n", 2, "quantile is missing"),
        ("rules:\n- latency: [{quantile: p95, degraded: 2s}]\n", 2, "failing is missing"),
        (
            "rules:\n- latency: [{quantile: p95, direction: up, degraded: 1s, failing: 2s}]\n",
            2,
            "fits none of inbound, outbound",
        ),
        ("rules:\n- tolerances:\n\t- code: a\n", 3, "not YAML"),
        ("rules: [\n", 2, "not YAML"),
        ("rules:\n- tolerances:\n  - code: -\n", 3, "not YAML"),
        ("rules:\n- name: 'open\n", 3, "not YAML"),
        ("rules: []\n---\nrules: []\n", 2, "not YAML"),
        ("rules:\n  \x00\n", 2, "control character"),
        ("\x00\n\n\n", 1, "control character"),
        ("\n\x00\n", 2, "control character"),
        ('rules: "\\UFFFFFFFF"\n', 1, "not YAML"),
        ("a: &a [1]\nrules: *a\n", 1, "anchors"),
        ("rules: *a\n", 1, "anchors"),
        ("rules: " + "[" * 5000 + "]" * 5000, 1, "too deeply"),
        ("rules:\n" + " " * MAX_CHARACTERS, 1, "too long"),
    ],
)
def test_a_bad_file_says_where_and_why(text: str, line: int, reason: str) -> None:
    error = refusal(text)

    assert reason in error.reason
    assert error.line == line
    assert str(error) == f"health.yaml, line {line}: {error.reason}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            TOLERANCE.replace("2%", "2"),
            "health.yaml, line 3: failing: a share is accepted, "
            "from 0% to 100%, with its sign: 0.5%",
        ),
        (
            TOLERANCE.replace("code:", "colour: red, code:"),
            "health.yaml, line 3: colour: no such key; "
            "accepted are code, protocol, direction, degraded, failing",
        ),
        (
            "rules:\n- tolerances:\n  - 5XX\n",
            "health.yaml, line 3: an entry of tolerances: keys with values are accepted here: "
            "code, protocol, direction, degraded, failing",
        ),
        ("rules:\n- ? [a]\n  : b\n", "a key: a text is accepted here"),
        ("{}", "health.yaml, line 1: the file: rules are missing: "),
    ],
)
def test_an_error_names_file_line_and_key(text: str, message: str) -> None:
    error = refusal(text)

    assert message in str(error)
    assert error.name == "health.yaml"


def test_the_longest_that_is_accepted_is_accepted() -> None:
    comment = "#" * (MAX_CHARACTERS - len(TOLERANCE))
    named = TOLERANCE.replace("tolerances", f"name: {'a' * 300}\n  tolerances")

    assert len(load_text(TOLERANCE + comment, "f").rules) == 1
    assert load_text(named, "f").rules[0].name == "a" * 300


def test_a_tag_makes_no_object() -> None:
    assert refusal("rules: !!python/object/apply:os.getcwd []\n").line == 1


@given(st.text(alphabet="rules:tolcdegafin \n-[]{}&*!%'\"\\|>#?,5X1٣\x00é", max_size=80))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    whole = TOLERANCE + text
    line = 1
    try:
        rules = load_text(whole, "f").rules
    except FileError as error:
        line = error.line
    else:
        assert rules[0].tolerances[0].code == "5XX"

    assert 1 <= line <= whole.count("\n") + 1
