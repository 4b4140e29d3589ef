"""Every way in which a request ends badly, as each of the two proxies tells it."""

from typing import Any

import pytest

from tests.demo.scenes import (
    CLOSED,
    DURATION,
    OPENED,
    REQUESTS,
    by,
    exposed,
    pick,
    simulated,
    total,
    values,
)


def _told(service: str, reporter: str) -> set[tuple[str, ...]]:
    """Return code and flags of what a side tells of a service."""
    rows = pick(exposed("flags"), REQUESTS, destination_service_name=service, reporter=reporter)
    return set(by(rows, "response_code", "response_flags"))


def _edge(service: str) -> dict[str, Any]:
    simulator = simulated("flags")
    edges = simulator.truth.between(simulator.at - 120, simulator.at)["edges"]
    (edge,) = (e for e in edges if e["service_name"] == service and e["destination"])
    return dict(edge)


def test_what_never_arrives_is_told_by_the_client_alone() -> None:
    lost = {("503", flags) for flags in ("UH", "UF", "UO", "UF,URX", "FI")} | {("404", "NR")}

    assert _told("unreached", "source") == {("200", "-"), *lost}
    assert _told("unreached", "destination") == {("200", "-")}


def test_an_answer_is_told_by_both_with_flags_of_their_own() -> None:
    assert _told("answered", "source") == {
        *(("200", "-"), ("500", "-"), ("555", "-"), ("403", "-"), ("429", "-")),
        *(("503", "UC"), ("503", "URX")),
    }
    assert _told("answered", "destination") == {
        *(("200", "-"), ("500", "-"), ("555", "-"), ("403", "-"), ("403", "UAEX")),
        *(("429", "RL"), ("503", "UC"), ("503", "-")),
    }


def test_a_client_that_gave_up_is_one_that_left_to_the_server() -> None:
    assert _told("abandoned", "source") == {("200", "-"), ("504", "UT"), ("0", "DC")}
    assert _told("abandoned", "destination") == {("200", "-"), ("0", "DC")}


def test_giving_up_takes_as_long_as_patience_lasts() -> None:
    late = {"destination_service_name": "abandoned", "response_code": "504"}
    rows = exposed("flags")

    assert total(rows, f"{DURATION}_sum", **late) == 2000 * total(rows, f"{DURATION}_count", **late)


def test_injected_faults_are_the_clients_alone() -> None:
    assert _told("injected", "source") == {("200", "-"), ("200", "DI"), ("555", "FI")}
    assert _told("injected", "destination") == {("200", "-")}


def test_a_server_counts_repeated_requests_as_often_as_they_came() -> None:
    link = {"destination_service_name": "repeated"}
    client = total(exposed("flags"), REQUESTS, reporter="source", **link)
    server = total(exposed("flags"), REQUESTS, reporter="destination", **link)
    edge = _edge("repeated")

    assert _told("repeated", "source") == {("200", "-")}
    assert _told("repeated", "destination") == {("200", "-"), ("503", "-")}
    assert server == pytest.approx(1.25 * client, rel=0.05)
    assert (client, server) == (edge["client_requests"], edge["requests"])


def test_grpc_has_statuses_and_no_http_status_when_it_was_reset() -> None:
    rows = pick(exposed("flags"), REQUESTS, destination_service_name="rpc")
    names = ("reporter", "response_code", "grpc_response_status", "response_flags")

    assert set(by(rows, *names)) == {
        *(("source", "200", status, "-") for status in ("0", "14", "4")),
        *(("source", "200", "14", flags) for flags in ("UF", "UT")),
        ("source", "0", "2", "DC"),
        *(("destination", "200", status, "-") for status in ("0", "14", "4")),
        ("destination", "0", "2", "DC"),
    }


def test_a_refused_connection_opens_closes_and_carries_nothing() -> None:
    rows = exposed("flags")
    closed = pick(rows, CLOSED, destination_service_name="store", reporter="source")

    assert values(closed, "response_flags") == {"-", "UF", "UH"}
    for flags in ("UF", "UH"):
        refused = {"destination_service_name": "store", "response_flags": flags}
        opened = total(rows, OPENED, **refused)
        # The last few close with the next flush.
        assert 0.8 * opened <= total(rows, CLOSED, **refused) <= opened
        assert not pick(rows, "istio_tcp_sent_bytes_total", **refused)
        assert not pick(rows, OPENED, reporter="destination", **refused)


def test_truth_knows_what_the_server_wrote() -> None:
    told = {
        (o["code"], o["client_flags"]): (o["server_code"], o["server_flags"])
        for o in _edge("abandoned")["outcomes"]
    }

    assert told["504", "UT"] == told["0", "DC"] == ("0", "DC")


def test_only_servers_classify_requests() -> None:
    rows = pick(exposed("operations"), REQUESTS, destination_service_name="catalog")
    told = by(rows, "reporter", "request_operation")

    assert set(told) == {
        ("source", ""),
        *(("destination", name) for name in ("ListBooks", "GetBook", "DeleteBook", "unknown")),
    }
    assert told["source", ""] == sum(told.values()) / 2


def test_a_label_stands_last_and_only_where_somebody_classifies() -> None:
    rows = pick(exposed("operations"), REQUESTS, reporter="destination")

    assert {row.names[-1] for row in rows} == {"request_operation", "connection_security_policy"}
    stock = pick(rows, REQUESTS, destination_service_name="stock")
    assert not [row for row in stock if "request_operation" in row.names]
