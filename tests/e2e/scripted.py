"""The server's end of the page's websocket, played by a test: states that are hard to bring about.

The frames are the engine's own, drawn from a mesh that the test makes up; only what the source
says of itself is the test's.
"""

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute

from graph.core.bounds import Limits
from graph.core.engine import FeedState, ViewSpec, render
from graph.core.permit import EVERYTHING
from graph.core.samples import Sample
from graph.core.wire import ErrorFrame, Snapshot
from graph.live.parameters import Windows, client_message, view_spec
from tests.make import feed, request

WINDOWS = Windows({"15s": 15, "1m": 60}, "15s")
FULL = 1013


class ScriptedServer:
    """Answers every websocket of a page. What it says of its source is in ``source``."""

    def __init__(self, page: Page, mesh: FeedState, *, most_nodes: int = 1500) -> None:
        self.mesh = mesh
        self.most_nodes = most_nodes
        self.source: dict[str, Any] = {}
        # The limit that is reached, "views" or "viewers", or None.
        self.full: str | None = None
        self.spec: ViewSpec | None = None
        self._socket: WebSocketRoute | None = None
        self._seq = 0
        page.route_web_socket(re.compile("/ws/graph"), self._opened)
        # The server behind the page knows nothing of the mesh that the test makes up.
        page.route(re.compile("/api/v1/(history|distribution)"), _without_past)

    def tick(self) -> None:
        """Send the picture anew, as after a tick."""
        assert self.spec is not None
        self._send(self._snapshot(self.spec))

    def say(self, **source: Any) -> None:
        """Send a status: nothing new but this about the source."""
        self.source |= source
        assert self.spec is not None
        self._send({"type": "status", "source": self._snapshot(self.spec)["source"]})

    def _opened(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(self._received)
        if self.full is not None:
            self._send(self._refusal(self.full))
            socket.close(code=FULL, reason=self._refusal(self.full)["detail"])
            return
        self.spec = view_spec(parse_qs(urlsplit(socket.url).query), WINDOWS, EVERYTHING)
        self.tick()

    def _received(self, text: str | bytes) -> None:
        wanted = client_message(json.loads(text), WINDOWS, EVERYTHING)
        if isinstance(wanted, ViewSpec):
            if self.full is not None and wanted != self.spec:
                self._send(self._refusal(self.full))
                return
            self.spec = wanted
        self.tick()

    def _snapshot(self, spec: ViewSpec) -> Snapshot:
        bare = replace(spec, window_s=self.mesh.window_s)
        _, frame = render(None, self.mesh, bare, "scripted", Limits(self.most_nodes, 5000))
        assert frame["type"] == "snapshot"
        frame["window_s"] = spec.window_s
        frame["source"] = {**frame["source"], **self.source}  # type: ignore[typeddict-item]
        self._seq += 1
        frame["seq"] = self._seq
        return frame

    def _refusal(self, what: str) -> ErrorFrame:
        detail = f"meshviz already serves 64 {what}, the most it may"
        accepted = f"fewer {what}; the operator sets MESHVIZ_MAX_{what.upper()}"
        return {"type": "error", "parameter": what, "detail": detail, "accepted": accepted}

    def _send(self, message: Any) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(message))


def mesh_of(namespaces: int, workloads: int = 6) -> FeedState:
    """Return a mesh of so many namespaces that call each other as a tree; each is a chain."""
    return feed(requests=[sample for i in range(namespaces) for sample in _team(i, workloads)])


def _team(index: int, workloads: int) -> list[Sample]:
    own = team(index)
    inside = [
        request(5.0, source=f"{own}-w{n}-v1", target=f"{own}-w{n + 1}-v1", namespace=own)
        for n in range(workloads - 1)
    ]
    # Every namespace calls two others: a tree.
    return inside + ([_call(team((index - 1) // 2), own)] if index > 0 else [])


def _call(caller: str, callee: str) -> Sample:
    there = {
        "destination_workload_namespace": callee,
        "destination_service_namespace": callee,
        "destination_service": f"{callee}-w0.{callee}.svc.cluster.local",
    }
    ends = {"source": f"{caller}-w0-v1", "target": f"{callee}-w0-v1"}
    return request(3.0, namespace=caller, **ends, **there)


def team(index: int) -> str:
    """Return the name of a namespace of the mesh."""
    return f"team-{index:03d}"


def _without_past(route: Route) -> None:
    """Answer that nothing is known of the past, or of how answers are distributed."""
    nothing = {"id": "", "at": 0, "start": 0, "end": 0, "step_s": 15, "window_s": 60}
    route.fulfill(json={**nothing, "times": [], "series": [], "sides": [], "warnings": []})
