"""mTLS has four states, and only the server's proxy knows which."""

import pytest

from graph.core.wire import MtlsState
from tests.make import feed, only_edge, request, tcp


@pytest.mark.parametrize(
    ("policies", "state", "ratio"),
    [
        ({"mutual_tls": 10.0}, "mtls", 1.0),
        ({"none": 10.0}, "plaintext", 0.0),
        ({"mutual_tls": 7.0, "none": 3.0}, "mixed", 0.7),
        ({"unknown": 10.0}, "unknown", None),
        ({"mutual_tls": 9.0, "unknown": 1.0}, "mtls", 1.0),
    ],
    ids=["all", "none", "some", "nobody-knows", "unknown-does-not-count"],
)
def test_state_and_ratio(policies: dict[str, float], state: MtlsState, ratio: float | None) -> None:
    edge = only_edge(
        feed(requests=[request(v, connection_security_policy=k) for k, v in policies.items()])
    )

    assert edge["mtls"] == {"state": state, "ratio": ratio}


def test_policies_of_merged_links_are_added_not_overwritten() -> None:
    edge = only_edge(
        feed(
            requests=[
                request(90, target="reviews-v1"),
                request(10, target="reviews-v2"),
                request(10, target="reviews-v3", connection_security_policy="none"),
            ]
        ),
        "app",
    )

    assert edge["mtls"] == {"state": "mixed", "ratio": 0.909}


def test_tcp_is_weighed_by_bytes() -> None:
    edge = only_edge(
        feed(tcp_sent=[tcp(300), tcp(100, connection_security_policy="none")], tcp_received=[])
    )

    assert edge["mtls"] == {"state": "mixed", "ratio": 0.75}


def test_principals_are_listed_for_both_ends() -> None:
    edge = only_edge(feed(requests=[request(1)]))

    assert edge["principals"] == {
        "source": ["spiffe://cluster.local/ns/bookinfo/sa/productpage"],
        "destination": ["spiffe://cluster.local/ns/bookinfo/sa/reviews"],
    }


def test_unknown_principals_are_not_names() -> None:
    edge = only_edge(feed(requests=[request(1, source_principal="unknown")]))

    assert edge["principals"]["source"] == []
