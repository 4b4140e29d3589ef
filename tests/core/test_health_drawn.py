"""Whom health colours in the picture."""

from tests.make import feed, node_named, request, tcp, view


def test_a_node_is_judged_by_what_it_answers_not_by_what_it_calls() -> None:
    made = view(
        feed(
            requests=[
                request(10),
                request(10, source="reviews-v1", target="ratings-v1", response_code="500"),
            ]
        )
    )

    assert node_named(made, "ratings-v1")["health"] == "failing"
    assert node_named(made, "reviews-v1")["health"] == "healthy"


def test_an_entry_point_is_judged_by_what_it_gets() -> None:
    made = view(feed(requests=[request(10, source="istio-ingressgateway", response_code="503")]))

    assert node_named(made, "istio-ingressgateway")["health"] == "failing"


def test_tcp_alone_says_nothing_about_health() -> None:
    made = view(feed(tcp_sent=[tcp(100, target="mysql-v1")]))

    assert node_named(made, "mysql-v1")["health"] == "unknown"
