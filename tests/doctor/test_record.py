"""What is recorded plays back as it was seen, through a real Prometheus."""

import gzip
import time
from pathlib import Path
from typing import Any

import pytest

from graph import poll
from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.wire import Delta, GraphType, Snapshot, Status
from graph.sources import Source, open_source
from graph.sources.recorder import Recorder, TapeWriter
from graph.sources.recording import Recording, open_recording
from graph.sources.scrub import Scrubber
from tests.doctor.conftest import Ward
from tests.recordings import FOLDER
from tests.served import Served
from tests.stack import wait_until

WINDOW_S = 20
TICKS = 3
STEP_S = 1.0
KINDS: tuple[GraphType, ...] = ("workload", "app", "service", "namespace")


def polled(source: Source, start: float) -> list[FeedState]:
    """Return the feed's states over a few ticks of a logical clock."""
    states = [engine.start_feed(WINDOW_S, STEP_S)]
    for tick in range(TICKS):
        states.append(poll.advance(source, states[-1], start + tick * STEP_S))
    return states[1:]


def frames(states: list[FeedState], kind: GraphType) -> list[Snapshot | Delta | Status]:
    """Return what a viewer of one graph type gets."""
    view, made = None, []
    for state in states:
        view, frame = engine.render(view, state, ViewSpec(kind, WINDOW_S, ()), "epoch")
        made.append(frame)
    return made


def record(url: str, path: Path, scrubber: Scrubber | None = None) -> list[FeedState]:
    """Record a few ticks of the recent past, and return what was seen meanwhile."""
    source = open_source(url, timeout_s=20)
    tape = TapeWriter(path, "test", scrubber)
    try:
        return polled(Recorder(source, tape), time.time() - TICKS * STEP_S)
    finally:
        tape.finish()
        source.close()


def played(recording: Recording) -> list[FeedState]:
    return polled(recording, 1_000_000.0)


@pytest.fixture(scope="module")
def live(ward: Ward, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[FeedState]]:
    path = tmp_path_factory.mktemp("recorded") / "mesh.jsonl.gz"
    return path, record(ward.healthy, path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_shows_every_frame_that_was_seen_live(
    live: tuple[Path, list[FeedState]], kind: GraphType
) -> None:
    path, seen = live
    again = played(open_recording(path))

    first, *later = frames(again, kind)
    assert len(first["edges"]) > 5  # type: ignore[typeddict-item]  # a snapshot
    assert {frame["type"] for frame in later} == {"delta"}
    assert [first, *later] == frames(seen, kind)


def test_what_was_known_of_the_original_is_told(live: tuple[Path, list[FeedState]]) -> None:
    recording = open_recording(live[0])
    facts = recording.facts()

    assert (facts["kind"], facts["url"]) == ("recording", "recording:mesh.jsonl.gz")
    assert facts["version"] is not None
    assert facts["eras"]
    assert f"{TICKS} ticks" in facts["warnings"][0]
    assert recording.scrape_interval_s == 1.0


def shape(states: list[FeedState]) -> list[tuple[Any, ...]]:
    """Return the numbers of a graph without any name."""
    view, _ = engine.render(None, states[0], ViewSpec("workload", WINDOW_S, ()), "epoch")
    edges = view.picture.edges.values()
    kinds = [node["kind"] for node in view.picture.nodes.values()]
    rates = [(e["protocol"], e["rps"], e["sent_bps"], e["latency_ms"]["p95"]) for e in edges]
    return [*sorted(kinds), *sorted(rates, key=str)]  # type: ignore[list-item]  # compared whole


@pytest.mark.parametrize("extent", ["hosts", "all"])
def test_scrubbing_takes_names_and_leaves_the_picture(
    ward: Ward, tmp_path: Path, extent: Any
) -> None:
    path = tmp_path / "scrubbed.jsonl.gz"
    seen = record(ward.healthy, path, Scrubber(extent))
    text = gzip.decompress(path.read_bytes()).decode()

    assert shape(played(open_recording(path))) == shape(seen)
    assert ward.healthy not in text
    assert "sa/adservice" not in text
    assert ("boutique" in text) == ("reviews" in text) == (extent == "hosts")


def test_a_recording_is_served_like_a_prometheus() -> None:
    path = FOLDER / "demo.jsonl.gz"
    made = open_recording(path)
    at = int(made.moments[0])
    with Served(f"recording:{path}") as served:
        wait_until(lambda: served.graph()["source"]["state"] == "ok", what="a tick")
        live, past = served.graph("type=app"), served.graph(f"type=app&at={at}")
        refused = served.graph("window=5m")
        facts = served.status()["source"]
        diagnosis = served.get("/api/v1/doctor").json()

    assert live["at"] in made.moments
    assert past["at"] == made.moments[0]
    assert live["edges"]
    assert refused["source"]["reason"] == "rejected"
    assert "windows of 60 s" in refused["source"]["detail"]
    assert (facts["kind"], facts["url"]) == ("recording", "recording:demo.jsonl.gz")
    assert made.diagnosis is not None
    assert diagnosis["checks"] == made.diagnosis[1]
