"""The reporter rule: whose numbers an edge shows."""

import pytest

from tests.make import buckets, feed, node_named, only_edge, request, tcp, unanswered, view


def test_the_two_reports_of_one_request_are_counted_once() -> None:
    edge = only_edge(feed(requests=[request(10, reporter="source"), request(10)]))

    assert edge["rps"] == 10
    assert edge["reporter"] == "destination"
    assert edge["client"] is not None
    assert edge["client"]["rps"] == 10
    assert edge["server"] is not None
    assert edge["server"]["rps"] == 10


def test_the_destination_report_wins_where_the_two_disagree() -> None:
    edge = only_edge(
        feed(
            requests=[
                request(9, reporter="source"),
                request(1, reporter="source", response_code="504", response_flags="UT"),
                request(10),
            ]
        )
    )

    assert edge["rps"] == 10
    assert edge["error_ratio"] == 0
    assert edge["client"] is not None
    assert edge["client"]["error_ratio"] == pytest.approx(0.1)


@pytest.mark.parametrize("flags", ["UF", "UH", "UO", "NR", "FI", "UF,URX"])
def test_failures_that_never_reached_the_server_are_added(flags: str) -> None:
    edge = only_edge(
        feed(
            requests=[
                request(8, reporter="source"),
                request(2, reporter="source", response_code="503", response_flags=flags),
                request(8),
            ]
        )
    )

    assert edge["rps"] == 10
    assert edge["error_ratio"] == pytest.approx(0.2)
    assert edge["reporter"] == "mixed"
    assert {(r["code"], r["flags"]) for r in edge["responses"]} == {("200", ""), ("503", flags)}


def test_without_any_server_report_the_client_stands_for_the_edge() -> None:
    edge = only_edge(feed(requests=[request(5, reporter="source")]))

    assert edge["rps"] == 5
    assert edge["reporter"] == "source"
    assert edge["server"] is None
    assert edge["mtls"] == {"state": "unknown", "ratio": None}


def test_a_silent_server_proxy_does_not_hide_what_its_clients_see() -> None:
    edge = only_edge(feed(requests=[request(5, reporter="source"), request(0)]))

    assert edge["rps"] == 5
    assert edge["reporter"] == "source"


def test_the_waypoint_speaks_for_the_server_where_there_is_one() -> None:
    edge = only_edge(feed(requests=[request(7, reporter="waypoint"), request(7)]))

    assert edge["rps"] == 7
    assert edge["reporter"] == "waypoint"


def test_requests_without_a_workload_go_to_the_only_one_behind_the_service() -> None:
    state = feed(requests=[request(9), request(9, reporter="source"), unanswered(1)])

    edge = only_edge(state)
    assert edge["rps"] == 10
    assert edge["error_ratio"] == pytest.approx(0.1)


def test_requests_without_a_workload_go_to_the_service_when_several_could_have_answered() -> None:
    state = feed(requests=[request(5), request(5, target="reviews-v2"), unanswered(1)])

    made = view(state)
    service = node_named(made, "reviews", kind="service")
    assert service["in"]["rps"] == 1
    assert only_edge(state, "app")["rps"] == 11


def test_the_latency_of_an_edge_is_the_servers() -> None:
    state = feed(
        requests=[request(10), request(10, reporter="source")],
        duration_buckets=[
            *buckets({"10": 0, "25": 10, "+Inf": 10}),
            *buckets({"100": 0, "250": 10, "+Inf": 10}, reporter="source"),
        ],
    )

    edge = only_edge(state)
    assert edge["latency_ms"]["p50"] == 17.5
    assert edge["client"] is not None
    assert edge["client"]["latency_ms"]["p50"] == 175


def test_tcp_bytes_are_counted_once_and_keep_their_direction() -> None:
    edge = only_edge(
        feed(
            tcp_sent=[tcp(300), tcp(300, reporter="source")],
            tcp_received=[tcp(100), tcp(100, reporter="source")],
        )
    )

    assert edge["protocol"] == "tcp"
    assert edge["rps"] is None
    assert (edge["sent_bps"], edge["received_bps"]) == (300, 100)
    assert edge["health"] == "unknown"


def test_http_and_tcp_between_the_same_two_are_two_edges() -> None:
    made = view(feed(requests=[request(5)], tcp_sent=[tcp(10)]))

    assert sorted(edge["protocol"] for edge in made.picture.edges.values()) == ["http", "tcp"]


def test_zeros_of_an_old_incident_do_not_make_an_edge_mixed() -> None:
    state = feed(requests=[request(9), request(9, reporter="source"), unanswered(0)])

    assert only_edge(state)["reporter"] == "destination"


def test_versions_that_no_longer_answer_are_not_listed() -> None:
    made = view(feed(requests=[request(9), request(0, target="reviews-v2")]), "app")

    assert node_named(made, "reviews")["versions"] == ["v1"]


def test_bytes_of_answers_that_no_server_gave_are_not_the_edges() -> None:
    state = feed(
        requests=[request(9), request(9, reporter="source"), unanswered(1)],
        response_bytes=[request(900), request(900, reporter="source"), unanswered(91)],
    )

    edge = only_edge(state)

    assert edge["rps"] == 10
    assert edge["sent_bps"] == 900
    assert edge["client"] is not None
    assert edge["client"]["sent_bps"] == 991


def test_a_host_outside_has_bytes_and_times_by_its_callers_account() -> None:
    outside = {"destination_service_name": "api.example.com", "code": "200", "flags": "-"}
    state = feed(
        requests=[unanswered(4, **outside)],
        duration_sum=[unanswered(400, **outside)],
        duration_count=[unanswered(4, **outside)],
        response_bytes=[unanswered(800, **outside)],
    )

    edge = only_edge(state)

    assert (edge["sent_bps"], edge["latency_ms"]["avg"]) == (800, 100)
    assert edge["client"] is not None
    assert edge["client"]["latency_ms"]["avg"] == 100


def test_bytes_of_connections_that_found_no_server_are_the_edges() -> None:
    lost = unanswered(5, request_protocol="tcp")

    edge = only_edge(feed(tcp_sent=[tcp(9, reporter="source"), lost]), "service")

    assert edge["sent_bps"] == 14
