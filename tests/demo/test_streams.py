"""What lasts longer than a look: connections and streams, opened early and ended late."""

import pytest

from tests.demo.meshes import STARTED
from tests.demo.scenes import (
    ASKED,
    CLOSED,
    DURATION,
    OPENED,
    REQUESTS,
    SENT,
    exposed,
    pick,
    simulated,
    total,
    values,
)

# Half seconds: long after everything was opened, longer after that, and after the ends at 180 s.
EARLY, LATE, ENDED = 120, 240, 380
SIDES = ("source", "destination")


@pytest.mark.parametrize("reporter", SIDES)
def test_a_long_connection_moves_bytes_and_opens_nothing(reporter: str) -> None:
    link = {
        "reporter": reporter,
        "source_workload": "app",
        "destination_service_name": "postgres",
    }
    early, late = exposed("streams", EARLY), exposed("streams", LATE)

    assert total(early, OPENED, **link) == total(late, OPENED, **link) == 5
    assert total(late, SENT, **link) > 1.8 * total(early, SENT, **link)
    assert not pick(exposed("streams", ENDED), CLOSED, **link)


@pytest.mark.parametrize("reporter", SIDES)
def test_connections_close_at_their_end(reporter: str) -> None:
    link = {"reporter": reporter, "destination_service_name": "queue"}
    before, after = exposed("streams", LATE), exposed("streams", ENDED)

    assert not pick(before, CLOSED, **link)
    assert total(after, CLOSED, **link) == total(after, OPENED, **link) == 3


@pytest.mark.parametrize("reporter", SIDES)
def test_an_open_stream_counts_messages_and_no_request(reporter: str) -> None:
    link = {"reporter": reporter, "destination_service_name": "chat"}
    early, late = exposed("streams", EARLY), exposed("streams", LATE)

    assert not pick(exposed("streams", ENDED), REQUESTS, **link)
    # 20 a second between the flushes.
    grown = total(late, ASKED, **link) - total(early, ASKED, **link)
    assert grown == pytest.approx(20 * (LATE - EARLY) / 2, rel=0.15)


@pytest.mark.parametrize("reporter", SIDES)
def test_a_stream_is_a_request_when_it_ends(reporter: str) -> None:
    link = {"reporter": reporter, "destination_service_name": "feed"}
    before, after = exposed("streams", LATE), exposed("streams", ENDED)

    assert not pick(before, REQUESTS, **link)
    assert total(after, REQUESTS, **link) == 6
    assert total(after, f"{DURATION}_sum", **link) == 6 * 180_000


def test_a_stream_that_ends_holds_all_the_bytes_it_carried() -> None:
    link = {"reporter": "destination", "destination_service_name": "feed"}
    rows = exposed("streams", ENDED)
    per_message = total(rows, "istio_request_bytes_sum", **link) / total(rows, ASKED, **link)

    # Messages of 600 bytes, spread around that.
    assert per_message == pytest.approx(600, rel=0.1)


@pytest.mark.parametrize(("service", "metric"), [("queue", SENT), ("feed", ASKED)])
def test_an_end_carries_nothing_more(service: str, metric: str) -> None:
    link = {"reporter": "destination", "destination_service_name": service}
    simulator = simulated("streams", ENDED)
    edges = simulator.truth.between(STARTED, simulator.at)["edges"]
    (edge,) = (e for e in edges if e["service_name"] == service)
    carried = edge["sent_bytes"] if metric == SENT else edge["request_messages"]

    assert total(exposed("streams", ENDED), metric, **link) == carried
    # 12 exchanges a second until the end: nothing is counted twice.
    size = 90 if metric == SENT else 1
    assert carried == pytest.approx(12 * 180 * size, rel=0.15)


def test_without_metadata_the_server_learns_the_identity_at_most() -> None:
    told = pick(exposed("streams"), OPENED, reporter="destination", source_app="unknown")

    assert values(told, "source_workload") == {"unknown"}
    assert values(told, "source_workload_namespace") == {"streams"}
    assert values(told, "source_principal") == {"spiffe://cluster.local/ns/streams/sa/old-client"}
    assert values(told, "connection_security_policy") == {"mutual_tls"}


def test_truth_tells_streams_from_requests() -> None:
    simulator = simulated("streams", ENDED)
    edges = simulator.truth.between(simulator.at - 60, simulator.at)["edges"]
    told = {e["service_name"]: e for e in edges if e["source"]["workload"] == "app"}

    assert told["chat"]["requests"] == 0
    assert told["chat"]["request_messages"] == pytest.approx(20 * 60, rel=0.15)
    assert told["feed"]["requests"] == 6
    assert told["postgres"]["connections_opened"] == 0
    assert told["postgres"]["sent_bytes"] > 0
