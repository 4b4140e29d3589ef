"""Ten thousand services through the real pipeline, against a thousand: time, memory, payloads.

Both meshes are scraped and looked at alike, by the simulator's telemetry of their size. What grows
with the mesh may grow as its edges do, no faster; what people are sent may not grow at all, since
of a mesh that is too large for one picture they get its namespaces first.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from websockets.asyncio.client import ClientConnection, connect

from bench.figures import Figure
from bench.stack import Mesh, Server, note, running_mesh, serving
from bench.watched import cost
from graph.demo.synth import synthesize

SIZES = (1000, 10_000)
_SCRAPE_S = 30.0
_WINDOW_S = 120
_SETTINGS = {
    "MESHVIZ_WINDOW": f"{_WINDOW_S}s",
    "MESHVIZ_WINDOWS": f"{_WINDOW_S}s",
    "MESHVIZ_INTERVAL": "5s",
    # What this measures is how long a poll takes, not who has how much patience with it.
    "MESHVIZ_QUERY_TIMEOUT": "2m",
    "MESHVIZ_QUERY_BUDGET": "1",
}
_TICKS = 2
_PATIENCE_S = 1200.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mesh came to."""

    services: int
    series: int
    edges: int
    # From the viewer's connection to a picture with quantiles.
    first_s: float
    # The server's, for one tick with its part of the slow lane.
    tick_cpu_s: float
    peak_mb: float
    snapshot_kb: float
    overview: bool
    # Edges in the picture, and how many one may have.
    shown: int
    limit: int
    # The largest namespace, opened.
    opened_kb: float
    opened_s: float


def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Return how the largest mesh compares with the smallest."""
    outcomes = [_outcome(services) for services in sizes]
    small, large = outcomes[0], outcomes[-1]
    edges = large.edges / small.edges
    name, than = f"{large.services:,} services", f"{small.services:,}"

    def grown(what: str, unit: str, big: float, little: float, digits: int = 1) -> Figure:
        return Figure(
            f"{name}: {what}",
            f"{big:,.{digits}f} {unit}",
            f"{than}: {little:,.{digits}f} {unit}, {edges:.1f}x the edges",
            big / little / edges,
            1.1,
        )

    def sent(what: str, kilobytes: float) -> Figure:
        against = f"whole picture of {than}: {small.snapshot_kb:,.0f} kB"
        return Figure(what, f"{kilobytes:,.0f} kB", against, kilobytes / small.snapshot_kb)

    shown = "overview" if large.overview else "whole picture"
    return [
        grown("first picture", "s", large.first_s, small.first_s),
        grown("CPU of a tick", "s", large.tick_cpu_s, small.tick_cpu_s, 2),
        grown("server's memory", "MB", large.peak_mb, small.peak_mb, 0),
        Figure(
            f"{name}: edges of the {shown}",
            f"{large.shown:,}",
            f"limit of a picture: {large.limit:,}",
            large.shown / large.limit,
            1.0,
        ),
        sent(f"{name}: {shown}", large.snapshot_kb),
        sent(f"{name}: largest namespace, opened", large.opened_kb),
    ]


def _outcome(services: int) -> Outcome:
    with running_mesh(services=services, scrape_interval_s=_SCRAPE_S) as mesh:
        note(f"{services:,} services: filling Prometheus")
        mesh.wait_for_history(_WINDOW_S)
        _say_costs(mesh)
        with serving(mesh, **_SETTINGS) as server:
            outcome = asyncio.run(_watch(mesh, server, services))
    note(str(outcome))
    return outcome


def _say_costs(mesh: Mesh) -> None:
    simulator, prometheus = cost(mesh.simulator.pid), cost(mesh.prometheus.pid)
    note(
        f"{mesh.series():,} series; simulator {simulator.rss_mb:,.0f} MB, {simulator.cpu_s:.0f} s "
        f"of CPU; Prometheus {prometheus.rss_mb:,.0f} MB, {prometheus.cpu_s:.0f} s; longest scrape "
        f"{mesh.ask('max(scrape_duration_seconds)') or 0:.2f} s"
    )


async def _watch(mesh: Mesh, server: Server, services: int) -> Outcome:
    started = time.monotonic()
    async with connect(f"ws://{server.address}/ws/graph", max_size=None) as socket:
        snapshot = await _picture(socket)
        first_s = time.monotonic() - started
        note(f"picture with quantiles after {first_s:.1f} s")
        tick_cpu_s = await _tick_cost(socket, server)
        peak_mb = cost(server.child.pid).peak_mb
        began = time.monotonic()
        namespace = _largest_namespace(services)
        path = f"/api/v1/graph?{urlencode({'namespace': namespace})}"
        opened = await asyncio.to_thread(server.size, path)
        opened_s = time.monotonic() - began
    return Outcome(
        services=services,
        series=await asyncio.to_thread(mesh.series),
        edges=len(synthesize(services, 1).calls),
        first_s=first_s,
        tick_cpu_s=tick_cpu_s,
        peak_mb=peak_mb,
        snapshot_kb=len(orjson.dumps(snapshot)) / 1000,
        overview=snapshot["overview"] is not None,
        shown=len(snapshot["edges"]),
        limit=(await asyncio.to_thread(server.get, "/api/v1/status"))["limits"]["edges"],
        opened_kb=opened / 1000,
        opened_s=opened_s,
    )


async def _picture(socket: ClientConnection) -> dict[str, Any]:
    """Return the whole picture as soon as quantiles are known too."""
    async with asyncio.timeout(_PATIENCE_S):
        async for text in socket:
            if orjson.loads(text)["source"]["slow_age_s"] is not None:
                await socket.send('{"type": "resync"}')
                return await _whole(socket)
    raise RuntimeError("the server closed the connection before there was a picture")


async def _whole(socket: ClientConnection) -> dict[str, Any]:
    async for text in socket:
        frame: dict[str, Any] = orjson.loads(text)
        if frame["type"] == "snapshot" and frame["nodes"]:
            return frame
    raise RuntimeError("the server closed the connection")


async def _tick_cost(socket: ClientConnection, server: Server) -> float:
    """Return the CPU seconds of a tick, the mean of some."""
    moment, before, ticks = 0.0, cost(server.child.pid).cpu_s, -1
    async with asyncio.timeout(_PATIENCE_S):
        async for text in socket:
            frame = orjson.loads(text)
            # Steps of one tick are evaluated at one moment; the first only starts the clock.
            if frame["type"] != "status" and frame["at"] != moment:
                moment, ticks = frame["at"], ticks + 1
                if ticks == 0:
                    before = cost(server.child.pid).cpu_s
            if ticks == _TICKS:
                return (cost(server.child.pid).cpu_s - before) / ticks
    raise RuntimeError("the server closed the connection")


def _largest_namespace(services: int) -> str:
    names = Counter(service.namespace for service in synthesize(services, 1).services)
    return names.most_common(1)[0][0]
