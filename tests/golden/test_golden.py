"""Golden frames: real frames of the engine, which the browser's tests apply too.

`make golden` writes them again after a wanted change; read the difference before committing it.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from graph.core import engine, wire
from graph.core.engine import FeedState, ViewSpec
from graph.core.frame import apply
from graph.core.picture import Picture
from graph.core.samples import Fault, Sample
from tests.make import AT, buckets, feed, labels, request, tcp, unanswered

FRAMES = Path(__file__).parent / "frames"

GATEWAY = {"source": "istio-ingressgateway", "source_workload_namespace": "istio-system"}


def bookinfo(*more: Sample, load: float = 1.0) -> list[Sample]:
    """Return the requests of a small bookinfo mesh."""
    return [
        request(20 * load, target="productpage-v1", **GATEWAY),
        request(20 * load, target="details-v1"),
        *(request(6.7 * load, target=f"reviews-v{n}") for n in (1, 2, 3)),
        *(request(6.7 * load, source=f"reviews-v{n}", target="ratings-v1") for n in (2, 3)),
        *more,
    ]


def mesh(*more: Sample, load: float = 1.0, at: float = AT) -> FeedState:
    """Return a feed with requests, latency and a TCP database."""
    durations = {"duration_sum": Sample(labels(), 130.0), "duration_count": Sample(labels(), 6.7)}
    return feed(
        at=at,
        requests=bookinfo(*more, load=load),
        tcp_sent=[tcp(5e4, source="ratings-v2", target="mongodb-v1")],
        tcp_received=[tcp(2e3, source="ratings-v2", target="mongodb-v1")],
        duration_buckets=buckets({"10": 1, "25": 5, "50": 6.7, "+Inf": 6.7}),
        **{name: [sample] for name, sample in durations.items()},
    )


def later(*more: Sample, load: float = 1.0) -> FeedState:
    """Return the mesh five seconds later."""
    return mesh(*more, load=load, at=AT + 5)


ERRORS = request(2.0, response_code="503", response_flags="UC")
NEWCOMER = request(4.0, source="reviews-v3", target="recommender-v1", request_protocol="grpc",
                   grpc_response_status="0")  # fmt: skip
FAULT = Fault("unreachable", "Prometheus cannot be reached: connection refused.", "Start it.")

Case = tuple[FeedState | None, FeedState, ViewSpec]

ALL = ViewSpec("workload", 60, ())
CASES: dict[str, Callable[[], Case]] = {
    "first-snapshot": lambda: (None, mesh(), ALL),
    "app-snapshot": lambda: (None, mesh(ERRORS), ViewSpec("app", 60, ())),
    "service-snapshot": lambda: (None, mesh(unanswered(1)), ViewSpec("service", 60, ())),
    "scoped-snapshot": lambda: (None, mesh(), ViewSpec("workload", 60, ("istio-system",))),
    "nothing-changed": lambda: (mesh(), later(), ALL),
    "busier": lambda: (mesh(), later(load=2.0), ALL),
    "errors-begin": lambda: (mesh(), later(ERRORS), ALL),
    "errors-end": lambda: (mesh(ERRORS), later(), ALL),
    "newcomer": lambda: (mesh(), later(NEWCOMER), ALL),
    "gone": lambda: (mesh(NEWCOMER), later(), ALL),
    "first-data": lambda: (engine.start_feed(60, 5.0), mesh(), ALL),
    "no-traffic": lambda: (mesh(), feed(at=AT + 5, requests=[request(0)]), ALL),
    "stale": lambda: (mesh(), engine.absorb_fault(mesh(), FAULT, 15.0, AT + 12), ALL),
}


def golden(case: Case) -> dict[str, Any]:
    """Return the golden record: the view before, the frame, and the entities after."""
    before, after, spec = case
    if before is None:
        shown, picture = None, Picture()
        state, frame = engine.render(None, after, spec, "golden")
    else:
        view, shown = engine.render(None, before, spec, "golden")
        picture = view.picture
        state, frame = engine.render(view, after, spec, "golden")
    if frame["type"] != "status":
        assert apply(picture, frame) == state.picture
    return {
        "before": shown,
        "frame": frame,
        "after": {
            "nodes": list(state.picture.nodes.values()),
            "edges": list(state.picture.edges.values()),
        },
    }


@pytest.mark.parametrize("name", CASES)
def test_frames_are_as_recorded(name: str) -> None:
    record = json.loads(json.dumps(golden(CASES[name]())))
    path = FRAMES / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(record, indent=1) + "\n")

    assert record == json.loads(path.read_text())


def test_every_recorded_frame_has_a_case() -> None:
    assert {path.stem for path in FRAMES.glob("*.json")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_frames_are_what_the_wire_declares(name: str) -> None:
    frame = json.loads((FRAMES / f"{name}.json").read_text())["frame"]
    adapter: TypeAdapter[Any] = TypeAdapter(
        {"snapshot": wire.Snapshot, "delta": wire.Delta, "status": wire.Status}[frame["type"]]
    )

    assert json.loads(adapter.dump_json(adapter.validate_python(frame, strict=True))) == frame
