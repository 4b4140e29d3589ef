"""The websocket of a real server in front of a Prometheus that the test controls."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from websocket import WebSocketConnectionClosedException

from graph.api.wire_schema import document
from graph.core.frame import apply
from graph.core.picture import Picture
from graph.live.consumers import MESSAGES, TOO_MANY_MESSAGES
from tests.faultserver import Fault, FaultServer
from tests.served import Served, Watcher
from tests.stack import wait_until

SCHEMA = json.loads(document())
FRAMES = jsonschema.Draft202012Validator(
    {**SCHEMA["$defs"]["ServerMessage"], "$defs": SCHEMA["$defs"]}
)


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(prometheus: FaultServer) -> Iterator[Served]:
    settings = {"interval": "1s", "query_timeout": "1s", "query_budget": "1"}
    with Served(prometheus.url, **settings) as server:
        yield server


@pytest.fixture(autouse=True)
def healthy(prometheus: FaultServer, served: Served) -> None:
    """Start every test from a source that answers."""
    prometheus.fault = "none"
    wait_until(lambda: served.graph()["source"]["state"] == "ok", what="an answer")


def test_snapshot_comes_first_and_deltas_follow(served: Served) -> None:
    with served.watch() as viewer:
        first, second = viewer.frame(), viewer.next("delta")
        later = second
        # A change within chance, or of quantiles alone, puts no edge.
        while not later["put"]["edges"]:
            later = viewer.next("delta")

    assert first["type"] == "snapshot"
    assert (second["epoch"], second["seq"]) == (first["epoch"], first["seq"] + 1)
    assert later["at"] > first["at"]


def test_every_frame_keeps_to_the_schema(served: Served, prometheus: FaultServer) -> None:
    with served.watch("type=versioned_app&window=5m") as viewer:
        frames = [viewer.frame() for _ in range(3)]
        prometheus.fault = "500"
        frames.append(viewer.next("status", state="stale"))
        viewer.send("nonsense")
        frames.append(viewer.next("error"))

    for frame in frames:
        FRAMES.validate(frame)
    assert {frame["type"] for frame in frames} >= {"snapshot", "delta", "status", "error"}


def test_viewers_of_one_view_get_identical_bytes(served: Served) -> None:
    def by_number(viewer: Watcher) -> dict[int, str]:
        texts = [viewer.text() for _ in range(4)]
        return {json.loads(text)["seq"]: text for text in texts if '"delta"' in text[:20]}

    with served.watch("namespace=bookinfo") as one, served.watch("namespace=bookinfo") as two:
        first, second = by_number(one), by_number(two)

    common = first.keys() & second.keys()
    assert common
    assert {number: first[number] for number in common} == {n: second[n] for n in common}


def test_deltas_lead_where_a_snapshot_leads(served: Served) -> None:
    with served.watch() as viewer:
        picture = apply(Picture(), viewer.next("snapshot"))  # type: ignore[arg-type]
        for _ in range(3):
            picture = apply(picture, viewer.next("delta"))  # type: ignore[arg-type]
        viewer.send({"type": "resync"})
        whole = apply(Picture(), viewer.next("snapshot"))  # type: ignore[arg-type]

    assert whole.nodes.keys() == picture.nodes.keys()
    assert whole.edges.keys() == picture.edges.keys()


def test_fifty_viewers_cause_no_more_queries_than_one(prometheus: FaultServer) -> None:
    # At once and over the same ticks: two servers, one with one viewer and one with fifty.
    with FaultServer() as other, ExitStack() as stack:
        alone = stack.enter_context(Served(prometheus.url, interval="1s"))
        crowded = stack.enter_context(Served(other.url, interval="1s"))
        one = stack.enter_context(alone.watch())
        crowd = [stack.enter_context(crowded.watch(f"type={kind}")) for kind in ("app", "service")]
        crowd += [stack.enter_context(crowded.watch()) for _ in range(48)]
        one.next("delta")
        before_one, before_many = prometheus.asked.total(), other.asked.total()
        for viewer in [one, *crowd]:
            for _ in range(3):
                viewer.next("delta")
        asked_one = prometheus.asked.total() - before_one
        asked_many = other.asked.total() - before_many

    # Reading fifty sockets takes a moment more: allow the queries of one more tick.
    assert asked_many <= asked_one + 12


def test_view_changes_without_reconnecting(served: Served) -> None:
    with served.watch() as viewer:
        viewer.next("snapshot")
        view = {"type": "view", "graph_type": "app", "window": "5m", "namespaces": ["shop"]}
        viewer.send(view)
        changed = viewer.next("snapshot")
        after = viewer.next("delta", "snapshot")

    assert (changed["graph_type"], changed["window_s"], changed["scope"]) == ("app", 300, ["shop"])
    assert after["seq"] > changed["seq"]


def test_resync_brings_the_whole_picture(served: Served) -> None:
    with served.watch() as viewer:
        first = viewer.next("snapshot")
        viewer.next("delta")
        viewer.send({"type": "resync"})
        again = viewer.next("snapshot")

    assert again["epoch"] == first["epoch"]
    assert again["seq"] >= first["seq"] + 1


@pytest.mark.parametrize(
    ("message", "parameter"),
    [
        ("{", "message"),
        ("[]", "message"),
        ({"type": "subscribe"}, "type"),
        ({"type": "view", "graph_type": "app", "window": "3m", "namespaces": []}, "window"),
    ],
)
def test_bad_message_is_answered_and_the_view_goes_on(
    served: Served, message: Any, parameter: str
) -> None:
    with served.watch() as viewer:
        viewer.next("snapshot")
        viewer.send(message)
        error = viewer.next("error")
        viewer.next("delta")

    assert error["parameter"] == parameter
    assert error["accepted"]


def test_binary_message_is_answered_too(served: Served) -> None:
    with served.watch() as viewer:
        viewer.socket.send_binary(b'{"type": "resync"}')
        assert viewer.next("error")["parameter"] == "message"


def test_chatterbox_is_cut_off(served: Served) -> None:
    with served.watch() as viewer:
        for _ in range(MESSAGES + 1):
            viewer.send({"type": "resync"})
        assert viewer.next("error")["detail"] == "too many messages"
        assert viewer.close_code() == TOO_MANY_MESSAGES


def test_long_message_is_cut_off(served: Served) -> None:
    with served.watch() as viewer:
        viewer.send({"type": "view", "namespaces": ["n" * 63] * 100})
        assert viewer.close_code() == 1009


FAULTS: list[tuple[Fault, str]] = [
    ("refuse", "unreachable"),
    ("500", "unreachable"),
    ("422", "rejected"),
    ("html", "garbled"),
    ("slow", "timeout"),
    ("drip", "timeout"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=[fault for fault, _ in FAULTS])
def test_failing_source_is_told_with_growing_age_and_heals(
    served: Served, prometheus: FaultServer, fault: Fault, reason: str
) -> None:
    with served.watch() as viewer:
        viewer.next("snapshot")
        prometheus.fault = fault
        first = viewer.next("status", state="stale", reason=reason)
        second = viewer.next("status", state="stale")
        prometheus.fault = "none"
        healed = viewer.next("delta", state="ok")

    assert second["source"]["age_s"] > first["source"]["age_s"] > 0
    assert first["source"]["detail"]
    assert first["source"]["advice"]
    assert healed["source"]["reason"] is None


def test_truncated_answer_is_never_half_a_graph(served: Served, prometheus: FaultServer) -> None:
    with served.watch() as viewer:
        viewer.next("delta")
        edges = {edge["id"] for edge in served.graph()["edges"]}
        prometheus.fault = "truncated"
        viewer.next("status", state="stale")
        stale = served.graph()

    assert {edge["id"] for edge in stale["edges"]} == edges
    assert stale["source"]["state"] == "stale"


def test_newcomer_during_an_outage_sees_the_last_graph(
    served: Served, prometheus: FaultServer
) -> None:
    with served.watch() as viewer:
        viewer.next("delta")
        prometheus.fault = "refuse"
        viewer.next("status", state="stale")
        with served.watch() as newcomer:
            snapshot = newcomer.frame()

    assert snapshot["type"] == "snapshot"
    assert snapshot["edges"]
    assert snapshot["source"]["state"] == "stale"


@pytest.mark.alone
def test_viewer_that_hardly_reads_skips_and_holds_up_nobody() -> None:
    # Megabytes per delta: the buffers between server and viewer fill within some ticks, unless the
    # kernel may let the viewer's own grow to what all of them need. Whoever reads nothing at all is
    # cut off in the end, so one frame of three is read.
    with (
        FaultServer(edges=1200) as busy,
        Served(busy.url, interval="1s", query_budget="1") as served,
        served.watch(receive_buffer_bytes=64 * 1024) as slow,
        served.watch() as eager,
    ):
        last = eager.next("snapshot")
        seen = [slow.next("snapshot")]
        for count in range(1, 10):
            frame = eager.next("delta")
            assert frame["seq"] == last["seq"] + 1
            last = frame
            if count % 3 == 0:
                seen.append(slow.next("delta", "snapshot"))
        while seen[-1]["seq"] < last["seq"]:
            seen.append(slow.next("delta", "snapshot"))

    jumps = [(a["seq"], b["type"], b["seq"]) for a, b in pairwise(seen) if b["seq"] > a["seq"] + 1]
    assert jumps
    assert all(kind == "snapshot" for _, kind, _ in jumps)


def test_server_that_stops_says_so(prometheus: FaultServer) -> None:
    with Served(prometheus.url, interval="1s") as served, served.watch() as viewer:
        viewer.next("snapshot")
        served.process.stop()
        assert viewer.close_code() == 1012
        assert served.process.exit_code() == 0


def test_frames_are_not_compressed(served: Served) -> None:
    with served.watch() as viewer:
        assert "sec-websocket-extensions" not in viewer.socket.getheaders()


def test_closed_viewer_is_counted_out(served: Served) -> None:
    with served.watch() as viewer:
        viewer.next("snapshot")
        assert served.status()["viewers"] == 1
    wait_until(lambda: served.status()["viewers"] == 0, what="the viewer to be gone")
    with pytest.raises(WebSocketConnectionClosedException):
        viewer.socket.send("late")
