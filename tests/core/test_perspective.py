"""Whose eyes an edge is seen through, and what the difference of the two says."""

from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.wire import Edge, Perspective
from tests.make import buckets, feed, only_edge, request, tcp, unanswered


def seen(state: FeedState, perspective: Perspective) -> Edge:
    """Return the only edge of a view from one perspective."""
    spec = ViewSpec("workload", state.window_s, (), perspective)
    (edge,) = engine.render(None, state, spec, "epoch")[0].picture.edges.values()
    return edge


def disagreement() -> FeedState:
    """Return a feed in which one of ten requests times out at the caller and one is never sent."""
    return feed(
        requests=[
            request(8, reporter="source"),
            request(1, reporter="source", response_code="504", response_flags="UT"),
            request(1, reporter="source", response_code="503", response_flags="UO"),
            request(9),
        ],
        duration_sum=[request(9 * 12, reporter="source"), request(9 * 10)],
        duration_count=[request(9, reporter="source"), request(9)],
    )


def test_the_rule_takes_the_servers_word_and_adds_what_never_reached_it() -> None:
    edge = seen(disagreement(), "auto")

    assert edge["rps"] == 10
    assert edge["error_ratio"] == 0.1
    assert edge["reporter"] == "mixed"
    assert edge["latency_ms"]["avg"] == 10


def test_the_servers_perspective_is_the_servers_alone() -> None:
    edge = seen(disagreement(), "server")

    assert edge["rps"] == 9
    assert edge["error_ratio"] == 0
    assert edge["reporter"] == "destination"


def test_the_clients_perspective_is_the_clients_alone() -> None:
    edge = seen(disagreement(), "client")

    assert edge["rps"] == 10
    assert edge["error_ratio"] == 0.2
    assert edge["reporter"] == "source"
    assert edge["latency_ms"]["avg"] == 12


def test_without_the_clients_proxy_the_server_stands_in() -> None:
    edge = seen(feed(requests=[request(5)]), "client")

    assert (edge["rps"], edge["reporter"]) == (5, "destination")


def test_without_the_servers_proxy_the_client_stands_in() -> None:
    edge = seen(feed(requests=[request(5, reporter="source")]), "server")

    assert (edge["rps"], edge["reporter"]) == (5, "source")


def test_requests_that_found_no_server_are_not_the_servers() -> None:
    state = feed(requests=[request(9), request(9, reporter="source"), unanswered(1)])

    assert seen(state, "auto")["rps"] == 10
    assert seen(state, "server")["rps"] == 9
    assert seen(state, "client")["rps"] == 10


def test_both_sides_are_there_from_every_perspective() -> None:
    for perspective in ("auto", "server", "client"):
        edge = seen(disagreement(), perspective)
        assert edge["client"] is not None
        assert edge["server"] is not None
        assert (edge["client"]["rps"], edge["server"]["rps"]) == (10, 9)


def test_a_caller_that_times_out_makes_the_edge_fail_although_the_server_is_content() -> None:
    edge = seen(
        feed(
            requests=[
                request(5, reporter="source"),
                request(5, reporter="source", response_code="504", response_flags="UT"),
                request(10),
            ]
        ),
        "auto",
    )

    assert edge["error_ratio"] == 0
    assert edge["health"] == "failing"


def test_the_gap_tells_network_timeouts_and_failures_apart() -> None:
    gap = seen(disagreement(), "auto")["gap"]

    assert gap == {
        "network_ms": 2,
        "unreached_rps": 1,
        "timed_out_rps": 1,
        "abandoned_rps": 0,
        "retried_rps": 0,
    }


def test_the_gap_tells_retries_and_callers_who_hung_up() -> None:
    gap = only_edge(
        feed(
            requests=[
                request(100, reporter="source"),
                request(110),
                request(10, response_code="0", response_flags="DC"),
            ]
        )
    )["gap"]

    assert gap is not None
    assert gap["retried_rps"] == 20
    assert gap["abandoned_rps"] == 10


def test_retries_beyond_chance_do_not_come_and_go() -> None:
    for seen in (68.0, 69.0):
        gap = only_edge(feed(requests=[request(63.5, reporter="source"), request(seen)]))["gap"]
        assert gap is not None
        assert gap["retried_rps"] == seen - 63.5


def test_scrapes_at_different_moments_are_no_retries() -> None:
    gap = only_edge(feed(requests=[request(100, reporter="source"), request(103)]))["gap"]

    assert gap is not None
    assert gap["retried_rps"] == 0


def test_there_is_no_gap_between_one_account_and_nothing() -> None:
    assert only_edge(feed(requests=[request(5)]))["gap"] is None
    assert only_edge(feed(requests=[request(5, reporter="source")]))["gap"] is None
    both = feed(tcp_sent=[tcp(5, reporter="source"), tcp(5)])
    assert only_edge(both)["gap"] is None


def test_latency_of_servers_and_of_callers_is_merged_where_only_some_servers_report() -> None:
    """An edge to v1 (with a proxy) and v2 (without): no answer may be left out."""
    fast, slow = {"10": 1.0, "100": 1.0, "+Inf": 1.0}, {"10": 0.0, "100": 1.0, "+Inf": 1.0}
    state = feed(
        requests=[request(1), request(1, target="reviews-v2", reporter="source")],
        duration_buckets=[
            *buckets(fast),
            *buckets(slow, target="reviews-v2", reporter="source"),
        ],
    )

    latency = only_edge(state, "app")["latency_ms"]

    assert latency["p50"] == 10
    assert latency["p90"] is not None
    assert latency["p90"] > 10


def test_what_a_server_could_not_hand_on_is_no_failure_of_its_callers_account() -> None:
    refused = request(2, response_code="503", response_flags="UF")
    state = feed(requests=[request(10, reporter="source"), request(8), refused])

    assert seen(state, "client")["rps"] == 10
    assert seen(state, "client")["error_ratio"] == 0
    assert seen(state, "server")["error_ratio"] == 0.2


def test_requests_that_found_no_server_do_not_make_the_callers_side_look_fast() -> None:
    state = feed(
        requests=[request(9, reporter="source"), request(9), unanswered(1)],
        duration_count=[request(9, reporter="source"), request(9), unanswered(1)],
        duration_sum=[request(9 * 50, reporter="source"), request(9 * 50), unanswered(0.5)],
    )

    edge = seen(state, "auto")
    assert edge["client"] is not None
    assert edge["client"]["latency_ms"]["avg"] == 50
    assert edge["latency_ms"]["avg"] == 50
