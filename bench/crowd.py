"""A crowd of websocket viewers on a fresh server: what it receives, what it makes Prometheus do."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode
from urllib.request import urlopen

from websockets.asyncio.client import ClientConnection, connect

from bench.stack import Mesh, note, running_server

Scope = tuple[str, ...]

# The first ticks also find out about Prometheus itself; they are let pass.
_WARM_UP_S = 10.0
_RESYNC_S = 30.0
_COUNTER = re.compile(r'^prometheus_http_requests_total\{.*handler="/api/v1/query"\} (\S+)$', re.M)


@dataclass(slots=True)
class Received:
    """Sizes of the frames that one viewer received, in bytes."""

    snapshots: list[int] = field(default_factory=list)
    deltas: list[int] = field(default_factory=list)

    def note(self, text: str) -> None:
        # Parsing a hundred viewers' frames would take the time that the server needs.
        if text.startswith('{"type":"snapshot"'):
            self.snapshots.append(len(text.encode()))
        elif text.startswith('{"type":"delta"'):
            self.deltas.append(len(text.encode()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crowd caused, and what its first viewer received while it was measured.

    ``snapshot`` is the size of the whole picture at the end.
    """

    queries_per_minute: float
    deltas: Sequence[int]
    snapshot: int


def watch(
    mesh: Mesh, name: str, scopes: Sequence[Scope], seconds: float, **settings: str
) -> Outcome:
    """Let one viewer per scope watch a fresh server for a while."""
    with running_server(mesh, **settings) as address:
        outcome = asyncio.run(_watch(mesh, address, scopes, seconds))
    note(f"{name}: {outcome.queries_per_minute:.0f} queries a minute")
    return outcome


async def _watch(mesh: Mesh, address: str, scopes: Sequence[Scope], seconds: float) -> Outcome:
    received = [Received() for _ in scopes]
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(connect(_address(address, scope), max_size=None))
            for scope in scopes
        ]
        pairs = zip(sockets, received, strict=True)
        readers = [asyncio.create_task(_read(socket, own)) for socket, own in pairs]
        await asyncio.sleep(_WARM_UP_S)
        seen = len(received[0].deltas)
        rate = await _query_rate(mesh, seconds)
        deltas = received[0].deltas[seen:]
        _demand_served(readers, received)
        snapshot = await _whole(sockets[0], received[0])
        for reader in readers:
            reader.cancel()
    return Outcome(rate, deltas, snapshot)


def _address(server: str, scope: Scope) -> str:
    query = urlencode([("namespace", namespace) for namespace in scope])
    return f"ws://{server}/ws/graph?{query}"


async def _read(socket: ClientConnection, own: Received) -> None:
    async for text in socket:
        own.note(str(text))


async def _query_rate(mesh: Mesh, seconds: float) -> float:
    """Return the queries a minute that Prometheus answers, by its own count."""
    started, before = time.monotonic(), await asyncio.to_thread(_queries, mesh)
    await asyncio.sleep(seconds)
    took, after = time.monotonic() - started, await asyncio.to_thread(_queries, mesh)
    return (after - before) / took * 60


def _queries(mesh: Mesh) -> float:
    with urlopen(f"{mesh.prometheus_url}/metrics", timeout=10) as response:
        return sum(map(float, _COUNTER.findall(response.read().decode())))


def _demand_served(readers: Sequence[asyncio.Task[None]], received: Sequence[Received]) -> None:
    """Raise when a viewer was turned away or saw nothing: the figure would flatter."""
    gone = sum(reader.done() for reader in readers)
    blind = sum(not own.snapshots or not own.deltas for own in received)
    if gone or blind:
        raise RuntimeError(f"of {len(readers)} viewers {gone} were cut off, {blind} saw no delta")


async def _whole(socket: ClientConnection, own: Received) -> int:
    """Return the size of the whole picture as it is now."""
    before = len(own.snapshots)
    await socket.send('{"type": "resync"}')
    deadline = time.monotonic() + _RESYNC_S
    while len(own.snapshots) == before:
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not answer a resync")
        await asyncio.sleep(0.05)
    return own.snapshots[-1]
