"""Queries: constant in number, escaped, with every identity label."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS
from graph.sources import promql
from graph.sources.naming import quote, selector


def test_every_question_has_a_query() -> None:
    assert set(promql.QUESTIONS) == {*FAST_QUESTIONS, *SLOW_QUESTIONS}


@pytest.mark.parametrize("name", promql.QUESTIONS)
def test_queries_sum_rates_and_keep_reporters_apart(name: str) -> None:
    query = promql.QUESTIONS[name].promql(60)

    assert re.fullmatch(r"sum by \(reporter, .*\) \(rate\(istio_\w+\[60s\]\)\)( > 0)?", query)


def test_brief_queries_still_learn_names_where_the_core_does() -> None:
    brief = {name for name, q in promql.QUESTIONS.items() if "_app" in q.promql(60, brief=True)}

    assert brief == {"requests", "tcp_sent", "tcp_received"}


def test_coverage_asks_for_these_jobs_and_no_others() -> None:
    assert promql.coverage(("pods", "a|b"), 60) == (
        'max by (job) (count_over_time(up{job=~"a\\\\|b|pods"}[60s]))'
    )


def test_what_rate_cannot_see_is_looked_for_at_both_ends() -> None:
    query = promql.late(("pods",), 15, 60)

    up = 'up{job=~"pods"}'
    assert query == (
        f"avg(((time() - timestamp({up})) > bool 16.5) * ((time() - timestamp({up})) - 7.5)) + "
        f"(avg((time() - 30 - timestamp({up} offset 30000ms)) > bool 30) * 22.5 or vector(0))"
    )
    # A window of two scrapes has no time left to look for the first one in.
    assert "offset" not in promql.late(("pods",), 15, 30)


def test_no_query_selects_a_namespace() -> None:
    assert all("{" not in question.promql(60) for question in promql.QUESTIONS.values())


def unquote(text: str) -> str:
    """Read a PromQL string the way Prometheus' lexer does."""
    assert text[0] == text[-1] == '"'
    assert not re.search(r'(?<!\\)(\\\\)*"', text[1:-1])
    return re.sub(r"\\(x..|u....|.)", _plain, text[1:-1])


def _plain(match: re.Match[str]) -> str:
    if len(match[1]) > 1:
        return chr(int(match[1][1:], 16))
    return "\n" if match[1] == "n" else match[1]


@given(st.text())
def test_any_value_survives_quoting(value: str) -> None:
    assert unquote(quote(value)) == value


def test_a_value_cannot_leave_its_string() -> None:
    assert selector([("a", "=", '"} or up{x="')]) == '{a="\\"} or up{x=\\""}'
