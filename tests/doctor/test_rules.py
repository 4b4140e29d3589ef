"""What the doctor says of recording rules: meshviz's own, and others."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from graph.core.samples import Sample
from graph.doctor.rules import MANY_SERIES, Own, Rule, istio_rules, judge_rules, own_rules
from graph.sources import rulebook
from graph.sources.naming import Naming
from graph.sources.shape import PLAIN
from tests.doctor.papers import facts

AT = 10_000.0
BIG = facts(eras=[{"era": "native", "series": MANY_SERIES}])
OTHER = Rule("workload:requests:rate1m", "rate(istio_requests_total[1m])")


def made(*, window_s: int = 60, brief: bool = True) -> list[str]:
    return [rule.fingerprint for rule in rulebook.rules(window_s, Naming(), PLAIN, brief=brief)]


def loaded(
    fingerprints: Iterable[str], age_s: float = 5.0, rows: int = 40
) -> Callable[[str], list[Sample]]:
    """Return a Prometheus that evaluated these rules so long ago."""

    def ask(promql: str) -> list[Sample]:
        number = float(rows) if promql == rulebook.recorded() else AT - age_s
        return [Sample({"meshviz": fingerprint}, number) for fingerprint in fingerprints]

    return ask


def found(ask: Callable[[str], list[Sample]], *, brief: bool = True) -> Own:
    return own_rules(ask, AT, (60, 300), Naming(), PLAIN, brief=brief)


@pytest.mark.parametrize(
    ("rules", "size", "colour", "words"),
    [
        ([], facts(), "green", "none are needed"),
        (None, facts(), "green", "does not tell its rules"),
        ([OTHER], facts(), "green", "1 other"),
        ([OTHER], BIG, "amber", "No rules of meshviz found, with 20,000 traffic series"),
        ([], BIG, "amber", "take 2.5 s to be asked"),
        (None, BIG, "amber", "does not tell its rules"),
        ([Rule("istio_requests_total", "istio_requests_total")], facts(), "red", "more than once"),
    ],
    ids=["small", "unknown-small", "others", "others-large", "large", "unknown-large", "copies"],
)
def test_without_rules_of_its_own(
    rules: list[Rule] | None, size: Any, colour: str, words: str
) -> None:
    finding = judge_rules(rules, Own(), size, 2.5)

    assert finding.state == colour
    assert words in finding.detail
    assert ("python manage.py rules" in finding.advice) is (colour == "amber")


def test_rules_in_use_are_told_by_window_with_what_they_cost() -> None:
    own = found(loaded([*made(), *made(window_s=300)]))
    rules = [Rule("meshviz:x:rate1m", "", 1.5), Rule("meshviz:y:rate1m", "", 0.5)]

    finding = judge_rules(rules, own, BIG, 0.25)

    assert own == Own(used={60: 120, 300: 120})
    assert finding.state == "green"
    assert "1m (120 rows, 2 s to compute), 5m (120 rows)" in finding.detail
    assert "Asking takes 250 ms" in finding.detail


TROUBLES: Mapping[str, tuple[Own, str, str]] = {
    "stopped": (found(loaded(made(), age_s=31.0)), "not evaluated any more", "Status > Rules"),
    "too-brief": (found(loaded(made()), brief=False), "leave out apps", "--full-names"),
    "foreign": (found(loaded(["abc"])), "something else", "python manage.py rules"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_rules_that_are_not_used_say_why(name: str) -> None:
    own, words, advice = TROUBLES[name]

    finding = judge_rules([], own, BIG, 2.0)

    assert finding.state == "amber"
    assert words in finding.detail
    assert advice in finding.advice


def test_full_names_serve_every_mesh() -> None:
    rules = loaded(made(brief=False))

    assert found(rules, brief=True) == found(rules, brief=False) == Own(used={60: 120})


def test_only_recording_rules_over_istio_count() -> None:
    data = {
        "groups": [
            {
                "rules": [
                    {"type": "recording", "name": "a", "query": "sum(istio_requests_total)"},
                    {"type": "recording", "name": "b", "query": "sum(node_cpu_seconds_total)"},
                    {"type": "alerting", "name": "c", "query": "istio_requests_total > 1"},
                ]
            },
            {"name": "empty"},
        ]
    }

    assert [rule.name for rule in istio_rules(data)] == ["a"]


@pytest.mark.parametrize("data", [None, [], {"groups": None}, "no"])
def test_strange_rules_are_none(data: Any) -> None:
    assert istio_rules(data) == []
