"""Sums as figures: which names are listed, when a connection failed, what mTLS is called."""

import pytest

from graph.core import figures
from graph.core.outcomes import Outcome
from graph.core.readings import SlowFacts
from graph.core.tally import Tally, Times
from tests.core.meshes import absorbed
from tests.make import buckets, request


def tcp_tally(opened: float | None, closed: float | None, **rates: float) -> Tally:
    """Return connections by the flags they ended with; "plain" is for none."""
    tally = Tally(
        outcomes={Outcome("0", "", "" if f == "plain" else f): r for f, r in rates.items()}
    )
    tally.connections_per_s, tally.connections_closed_per_s = opened, closed
    return tally


@pytest.mark.parametrize(
    ("tally", "share"),
    [
        (tcp_tally(None, None), None),
        (tcp_tally(0.0, 0.0), None),
        (tcp_tally(4.0, 0.0), 0.0),
        # A quarter of those that ended failed; half of all tried live on.
        (tcp_tally(8.0, 4.0, plain=3.0, UF=1.0), 0.125),
        # More ended than began: they are all that is known.
        (tcp_tally(1.0, 4.0, plain=3.0, UF=1.0), 0.25),
        # Two more failed than the server saw end: its callers told of them.
        (tcp_tally(4.0, 2.0, plain=2.0, UF=2.0), 2.0 / 6.0),
        (tcp_tally(None, None, UF=2.0), 1.0),
        (tcp_tally(0.5, 2.0, UF=2.0), 1.0),
        # Rounding must not make more than all of it.
        (tcp_tally(0.0, 0.1 + 0.2, UF=0.3, UH=1e-17), pytest.approx(1.0)),
    ],
)
def test_share_of_connections_that_failed(tally: Tally, share: float | None) -> None:
    found = figures.failed_share(tally)

    assert found == share
    assert found is None or found <= 1.0


@pytest.mark.parametrize(
    ("security", "state", "ratio"),
    [
        ({}, "unknown", None),
        ({"unknown": 5.0}, "unknown", None),
        ({"mutual_tls": 0.0, "none": 0.0}, "unknown", None),
        ({"mutual_tls": 0.01}, "mtls", 1.0),
        ({"none": 0.01}, "plaintext", 0.0),
        ({"mutual_tls": 0.03, "none": 0.01}, "mixed", 0.75),
        ({"mutual_tls": 3.0, "none": 1.0, "unknown": 50.0}, "mixed", 0.75),
    ],
)
def test_mtls_is_told_of_the_least_traffic(
    security: dict[str, float], state: str, ratio: float | None
) -> None:
    assert figures.mtls(security) == {"state": state, "ratio": ratio}


def test_names_are_listed_alphabetically_and_only_those_that_carried_traffic() -> None:
    assert figures.busiest({"b": 1.0, "a": 0.5, "c": 0.0, "": 9.0}) == ["a", "b"]


def test_of_many_names_the_ten_busiest_are_listed() -> None:
    # The later in the alphabet, the busier; and one that stands out at its beginning.
    weights = {f"n{i:02}": float(i) for i in range(1, 21)} | {"a": 100.0}

    assert figures.busiest(weights) == ["a", *(f"n{i:02}" for i in range(12, 21))]
    ten = dict(list(weights.items())[:10])
    assert figures.busiest(ten) == sorted(ten)


def test_responses_of_rates_too_small_for_words_are_none() -> None:
    tally = Tally(outcomes={Outcome("200", "", ""): 0.0, Outcome("503", "", ""): 0.12345})

    shown = {row["code"]: row["rps"] for row in figures.shown_responses(tally, "http")}
    assert shown.get("503") == 0.123
    assert shown.get("200", 0.0) == 0.0


def slow_facts() -> SlowFacts:
    """Return two histograms: bounds of 10 and 100 ms, and of 20 ms alone."""
    rows = [
        *buckets({"10": 1.0, "100": 2.0, "+Inf": 2.0}),
        *buckets({"20": 4.0, "+Inf": 4.0}, target="cart-v1"),
    ]
    readings = absorbed({"requests": [request(2.0)], "duration_buckets": rows}).readings
    assert readings is not None
    assert readings.slow is not None
    return readings.slow


def test_quantiles_know_which_bounds_their_histograms_have() -> None:
    slow = slow_facts()
    one, other = (Times(100.0, 2.0, [row]) for row in sorted(slow.rows.values()))
    empty, silent = Times(30.0, 2.0), Times()

    found = figures.latencies(slow, [one, other, empty, silent])

    # Half of 2 are at 10; the other half lies between 10 and 100, not above 20.
    assert found[0] == {"avg": 50.0, "p50": 10.0, "p90": 82.0, "p95": 91.0, "p99": 98.2}
    # All lie between 0 and 20: this one has no bound at 10.
    assert found[1] == {"avg": 50.0, "p50": 10.0, "p90": 18.0, "p95": 19.0, "p99": 19.8}
    assert found[2] == {"avg": 15.0, "p50": None, "p90": None, "p95": None, "p99": None}
    assert found[3] == {"avg": None, "p50": None, "p90": None, "p95": None, "p99": None}


def test_without_the_slow_lane_there_are_means_alone() -> None:
    assert figures.latencies(None, [Times(100.0, 4.0)]) == [
        {"avg": 25.0, "p50": None, "p90": None, "p95": None, "p99": None}
    ]
