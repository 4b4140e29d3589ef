"""Plain TCP: the server cannot name callers whose own proxies do."""

from graph.core.samples import Sample
from tests.make import feed, only_edge, tcp, view

NOBODY = {
    "source_workload": "unknown",
    "source_workload_namespace": "unknown",
    "source_canonical_service": "unknown",
    "source_canonical_revision": "latest",
    "source_cluster": "unknown",
    "source_principal": "unknown",
    "connection_security_policy": "none",
}


def unnamed(bps: float) -> Sample:
    return tcp(bps, **NOBODY)


def named(bps: float, caller: str = "productpage-v1") -> Sample:
    return tcp(bps, source=caller, reporter="source")


def test_one_conversation_is_one_edge() -> None:
    edge = only_edge(feed(tcp_sent=[unnamed(1000), named(1000)]))

    assert edge["source"].endswith("productpage-v1")
    assert edge["sent_bps"] == 1000
    assert edge["reporter"] == "source"
    assert edge["mtls"] == {"state": "plaintext", "ratio": 0.0}


def test_all_callers_are_taken_off_the_unknown_one() -> None:
    state = feed(tcp_sent=[unnamed(1000), named(600), named(380, "details-v1")])

    assert len(view(state).picture.edges) == 2


def test_a_real_stranger_stays_with_what_is_his() -> None:
    state = feed(tcp_sent=[unnamed(1000), named(600)], tcp_received=[unnamed(10), named(6)])

    stranger = next(e for e in view(state).picture.edges.values() if e["source"].startswith("u/"))

    assert stranger["sent_bps"] == 400
    assert stranger["received_bps"] == 4
    assert stranger["mtls"]["state"] == "plaintext"


def test_callers_that_the_server_does_name_are_not_taken_off() -> None:
    state = feed(tcp_sent=[unnamed(1000), named(600), tcp(600)])

    edges = {edge["source"][:1]: edge["sent_bps"] for edge in view(state).picture.edges.values()}

    assert edges == {"u": 1000, "w": 600}


def test_unknown_callers_of_requests_are_left_alone() -> None:
    """HTTP carries the caller's name in headers: who is unknown there has no proxy."""
    state = feed(tcp_sent=[named(600)], requests=[Sample(unnamed(5).labels | HTTP, 5)])

    assert len(view(state).picture.edges) == 2


HTTP = {"request_protocol": "http", "response_code": "200", "response_flags": "-"}


def test_strangers_of_two_services_are_told_twice_once() -> None:
    """A server counts callers without a name by the service they asked for; each loses a share."""
    state = feed(
        tcp_sent=[
            unnamed(900),
            tcp(300, **NOBODY, destination_service_name="other"),
            named(600),
        ]
    )

    sizes = [e["sent_bps"] for e in view(state, "service").picture.edges.values()]

    assert sorted(sizes) == [150, 450, 600]


def test_requests_of_a_caller_are_not_taken_off_connections() -> None:
    calls = Sample(named(300).labels | HTTP, 300)
    state = feed(tcp_sent=[unnamed(1000)], requests=[calls], tcp_received=[unnamed(100)])

    stranger = next(e for e in view(state).picture.edges.values() if e["source"].startswith("u/"))

    assert stranger["sent_bps"] == 1000


def test_whoever_the_server_does_name_keeps_what_is_his() -> None:
    """Beside a stranger of the same namespace, of whom another caller tells."""
    shy = unnamed(1000).labels | {"source_workload_namespace": "bookinfo"}
    state = feed(tcp_sent=[Sample(shy, 1000), named(600), tcp(700, source="details-v1")])

    sizes = {e["source"]: e["sent_bps"] for e in view(state).picture.edges.values()}

    assert sorted(size for size in sizes.values() if size is not None) == [400, 600, 700]
