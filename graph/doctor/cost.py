"""What asking costs, and whether rules compute some of it beforehand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.core.samples import Harvest
from graph.core.wire import SourceFacts
from graph.doctor.finding import Finding, amber, green, red, seconds, several
from graph.doctor.patient import Habits
from graph.sources import SourceError, TooSlow

# With three histograms, this many traffic counters are about 400,000 series; from there on one
# question for all buckets takes seconds on two cores.
MANY_SERIES = 20_000
_ISTIO = re.compile(r"\bistio_\w+")
# Names that Istio itself uses; a rule that records under one of them is counted as traffic.
_OWN_NAME = re.compile(r"istio_(requests_total|request_duration_milliseconds\w*|tcp_\w+_total)")


def judge_cost(
    fast: Harvest | SourceError, slow: Harvest | SourceError, habits: Habits, facts: SourceFacts
) -> Finding:
    """Judge what a tick costs, against the interval and the budget of ticks."""
    if isinstance(fast, SourceError) or isinstance(slow, SourceError):
        return _failed(fast, slow)
    fast_s, slow_s = fast.query_ms / 1000, slow.query_ms / 1000
    series = sum(found["series"] for found in facts["eras"])
    rows = sum(map(len, [*fast.answers.values(), *slow.answers.values()]))
    told = (
        f"A tick takes {seconds(fast_s)} for {fast.queries} queries, buckets and bytes "
        f"{seconds(slow_s)} for {slow.queries}; {rows:,} rows"
    )
    told += f" of {series:,} traffic series." if series else "."
    every_s = fast_s / habits.budget
    if every_s > habits.interval_s:
        return amber(
            f"{told} That is {fast_s / habits.interval_s:.0%} of every {seconds(habits.interval_s)}"
            f", over the budget of {habits.budget:.0%}: ticks will come every {seconds(every_s)}.",
            "Raise MESHVIZ_INTERVAL or MESHVIZ_QUERY_BUDGET, give Prometheus more CPU, or load "
            "recording rules.",
        )
    budget = f"{habits.budget:.0%} of {seconds(habits.interval_s)}"
    return green(f"{told} That is within the budget of {budget}.")


def _failed(fast: Harvest | SourceError, slow: Harvest | SourceError) -> Finding:
    if isinstance(fast, SourceError):
        return red(f"A tick's queries fail: {fast.detail}", fast.advice)
    if isinstance(slow, TooSlow):
        return red(
            f"Buckets and bytes take too long, so there are no quantiles: {slow.detail}",
            slow.advice,
        )
    assert isinstance(slow, SourceError)  # noqa: S101  # the caller saw that one of them is
    return red(
        f"Buckets and bytes are refused, so there are no quantiles: {slow.detail}", slow.advice
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording rule over Istio's metrics."""

    name: str
    expression: str


def istio_rules(data: Any) -> list[Rule]:
    """Return the recording rules that read Istio's metrics, from the rules API's data."""
    return [rule for rule in _rules(data) if _ISTIO.search(rule.expression)]


def _rules(data: Any) -> Iterator[Rule]:
    groups = data.get("groups") if isinstance(data, Mapping) else None
    for group in groups or ():
        for rule in group.get("rules") or ():
            if rule.get("type") == "recording":
                yield Rule(str(rule.get("name", "")), str(rule.get("query", "")))


def judge_rules(rules: list[Rule] | None, facts: SourceFacts) -> Finding:
    """Judge the recording rules; None: the server does not tell any."""
    copies = sorted({rule.name for rule in rules or () if _OWN_NAME.fullmatch(rule.name)})
    if copies:
        return red(
            f"Recording rules write under Istio's own names: {several(copies)}. Whoever adds up "
            "these metrics counts the traffic more than once.",
            "Let the rules record under names of their own, such as workload:requests:rate1m.",
        )
    series = sum(found["series"] for found in facts["eras"])
    if rules:
        return green(f"{len(rules)} recording rules over Istio's metrics.")
    none = "The server does not tell its rules" if rules is None else "No recording rules found"
    if series < MANY_SERIES:
        return green(f"{none}; none are needed below {MANY_SERIES:,} traffic series.")
    return amber(
        f"{none}, with {series:,} traffic series; they help from {MANY_SERIES:,} on.",
        "Drop labels and histograms that nobody reads, or record sums without pods and ask for "
        "those instead.",
    )
