"""What is left of an unknown TCP caller once those who named themselves are taken off."""

import pytest

from graph.core.samples import Sample
from graph.core.wire import Edge
from tests.core.test_strangers import NOBODY
from tests.make import feed, request, tcp, view

CALLER = {"reporter": "source"}


def rest(**answers: list[Sample]) -> Edge | None:
    """Return the unknown caller's edge, None when nothing is left of it."""
    edges = view(feed(**answers)).picture.edges.values()
    return next((edge for edge in edges if edge["source"].startswith("u/")), None)


def test_connections_and_failures_are_taken_off_like_bytes() -> None:
    edge = rest(
        tcp_sent=[tcp(1000, **NOBODY), tcp(600, **CALLER)],
        tcp_opened=[tcp(5, **NOBODY), tcp(9, **CALLER)],
        tcp_closed=[tcp(10, response_flags="UC", **NOBODY), tcp(2, **CALLER)],
    )

    assert edge is not None
    assert (edge["connections_per_s"], edge["connections_closed_per_s"]) == (0, 8)
    assert [(row["flags"], row["rps"]) for row in edge["responses"]] == [("UC", 8)]


def test_a_stranger_that_only_connects_is_not_forgotten() -> None:
    edge = rest(tcp_opened=[tcp(5, **NOBODY), tcp(2, **CALLER)], tcp_sent=[tcp(0, **NOBODY)])

    assert edge is not None
    assert edge["connections_per_s"] == 3


@pytest.mark.parametrize(("told", "left"), [(85, None), (84.9, 15.1)])
@pytest.mark.parametrize(
    ("question", "field"), [("tcp_sent", "sent_bps"), ("tcp_received", "received_bps")]
)
def test_a_remainder_of_scrapes_at_different_moments_is_nobody(
    question: str, field: str, told: float, left: float | None
) -> None:
    edge = rest(**{question: [tcp(100, **NOBODY), tcp(told, **CALLER)]})

    assert (edge and edge[field]) == left  # type: ignore[literal-required]


def test_both_directions_are_weighed_together() -> None:
    sent_only = rest(
        tcp_sent=[tcp(500, **NOBODY), tcp(500, **CALLER)],
        tcp_received=[tcp(500, **NOBODY), tcp(340, **CALLER)],
    )
    received_only = rest(tcp_received=[tcp(2, **NOBODY), tcp(1, **CALLER)])
    noise = rest(
        tcp_sent=[tcp(500, **NOBODY), tcp(500, **CALLER)],
        tcp_received=[tcp(500, **NOBODY), tcp(360, **CALLER)],
    )

    assert sent_only is not None
    assert (sent_only["sent_bps"], sent_only["received_bps"]) == (0, 160)
    assert received_only is not None
    assert (received_only["sent_bps"], received_only["received_bps"]) == (None, 1)
    assert noise is None


def test_the_word_of_all_strangers_counts_where_two_servers_are_one_node() -> None:
    """Whatever else is told before."""
    calls: dict[str, list[Sample]] = {"requests": [request(1, target="web-v1")], "tcp_sent": []}
    for target, policy in (("a-db", "mutual_tls"), ("b-db", "none")):
        to = {"target": target, "destination_workload_namespace": "data"}
        calls["tcp_sent"] += [
            tcp(500, **{**NOBODY, **to, "connection_security_policy": policy}),
            tcp(500, **CALLER, **to),
        ]
    made = view(feed(**calls), "namespace")
    (edge,) = (edge for edge in made.picture.edges.values() if edge["protocol"] == "tcp")

    assert edge["mtls"] == {"state": "mixed", "ratio": 0.5}
