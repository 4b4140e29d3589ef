"""What asking costs."""

from graph.core.samples import Harvest
from graph.core.wire import SourceFacts
from graph.doctor.finding import Finding, amber, green, red, seconds
from graph.doctor.patient import Habits
from graph.sources import SourceError, TooSlow


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
            "Raise MESHVIZ_INTERVAL or MESHVIZ_QUERY_BUDGET, or give Prometheus more CPU.",
        )
    budget = f"{habits.budget:.0%} of {seconds(habits.interval_s)}"
    return green(f"{told} That is within the budget of {budget}.")


def _failed(fast: Harvest | SourceError, slow: Harvest | SourceError) -> Finding:
    if isinstance(fast, SourceError):
        return red(f"A tick's queries fail: {fast.detail}", fast.advice)
    if isinstance(slow, TooSlow):
        return red(
            f"Buckets and bytes take too long, so there are no quantiles: {slow.detail}",
            f"{slow.advice} Recording rules help (docs/recording-rules.md).".strip(),
        )
    assert isinstance(slow, SourceError)  # noqa: S101  # the caller saw that one of them is
    return red(
        f"Buckets and bytes are refused, so there are no quantiles: {slow.detail}", slow.advice
    )
