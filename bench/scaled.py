"""Many processes by way of Redis: what they ask of Prometheus, and whether they all say the same.

One beat, two workers and two servers, with half of the viewers on each, against one process with
one viewer.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from websockets.asyncio.client import ClientConnection, connect

from bench.figures import Figure
from bench.stack import ROOT, Mesh, Server, command, note, running_mesh, serving
from graph.demo.process import Child

_SERVICES = 60
_SCRAPE_S = 5.0
_WINDOW_S = 60
_VIEWERS = 100
_WORKERS = _SERVERS = 2
_WARM_UP_S = 15.0
_READY_S = 60.0
# Ideal is 1; of two dozen ticks one more or less falls into the time by chance.
_BUDGET = 1.1
_CACHED = ROOT / ".cache" / "redis" / "redis-server"

Frames = list[str]


def measure(seconds: float) -> list[Figure]:
    """Return what two servers with their workers ask, and how many frames they disagree about."""
    with running_mesh(services=_SERVICES, scrape_interval_s=_SCRAPE_S) as mesh:
        note("scaled: filling Prometheus")
        mesh.wait_for_history(_WINDOW_S)
        with serving(mesh) as server:
            alone, _ = asyncio.run(_watch(mesh, [server], 1, seconds))
        with _team(mesh) as servers:
            together, frames = asyncio.run(_watch(mesh, servers, _VIEWERS, seconds))
    differ, shared = _compared(frames)
    note(f"scaled: {alone:.0f} queries a minute alone, {together:.0f} together, {shared} frames")
    return [
        Figure(
            f"queries, {_VIEWERS} viewers of {_SERVERS} servers with {_WORKERS} workers",
            f"{together:.0f} a minute",
            f"1 viewer of 1 process: {alone:.0f} a minute",
            together / alone,
            _BUDGET,
        ),
        Figure(
            f"frames that {_SERVERS} servers tell differently",
            str(differ),
            f"{shared} frames",
            differ / shared,
            0.0,
        ),
    ]


@contextmanager
def _team(mesh: Mesh) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        url = stack.enter_context(_redis())
        given = {"MESHVIZ_REDIS_URL": url}
        for number in range(_WORKERS):
            stack.enter_context(command(mesh, "worker", "--name", f"worker-{number}", **given))
        stack.enter_context(command(mesh, "beat", **given))
        yield [stack.enter_context(serving(mesh, **given)) for _ in range(_SERVERS)]


@contextmanager
def _redis() -> Iterator[str]:
    """Run a Redis that keeps nothing on disk; yields its URL."""
    program = shutil.which("redis-server") or (_CACHED if os.access(_CACHED, os.X_OK) else None)
    if program is None:
        raise RuntimeError("no redis-server: scripts/get-redis fetches one")
    with TemporaryDirectory(prefix="meshviz-bench-") as name:
        socket = Path(name) / "redis.sock"
        options = {"port": "0", "unixsocket": str(socket), "save": "", "dir": name}
        words = (word for key, value in options.items() for word in (f"--{key}", value))
        redis = Child("Redis", [str(program), *words], Path(name) / "redis.log")
        try:
            redis.wait_until(socket.exists, _READY_S)
            yield f"unix://{socket}"
        finally:
            redis.stop()


async def _watch(
    mesh: Mesh, servers: Sequence[Server], viewers: int, seconds: float
) -> tuple[float, list[Frames]]:
    """Return the queries a minute, and what the first viewer of each server was told."""
    frames: list[Frames] = [[] for _ in range(viewers)]
    async with AsyncExitStack() as stack:
        readers = []
        for number, own in enumerate(frames):
            address = f"ws://{servers[number % len(servers)].address}/ws/graph"
            socket = await stack.enter_async_context(connect(address, max_size=None))
            readers.append(asyncio.create_task(_read(socket, own)))
        await asyncio.sleep(_WARM_UP_S)
        started, before = time.monotonic(), await asyncio.to_thread(mesh.queries)
        await asyncio.sleep(seconds)
        took, after = time.monotonic() - started, await asyncio.to_thread(mesh.queries)
        gone = sum(reader.done() for reader in readers)
        if gone or not all(frames):
            raise RuntimeError(f"of {viewers} viewers {gone} were cut off, some saw no frame")
        for reader in readers:
            reader.cancel()
    return (after - before) / took * 60, frames[: len(servers)]


async def _read(socket: ClientConnection, own: Frames) -> None:
    async for text in socket:
        frame = str(text)
        # A status is each server's own word; pictures are everybody's.
        if frame.startswith('{"type":"delta"'):
            own.append(sha256(frame.encode()).hexdigest())


def _compared(frames: Sequence[Frames]) -> tuple[int, int]:
    """Return how many deltas differ between servers while both were listening, of how many."""
    first, second = frames
    shared = [digest for digest in first if digest in set(second)]
    if not shared:
        raise RuntimeError("no frame of one server is a frame of the other")
    ours = first[first.index(shared[0]) : first.index(shared[-1]) + 1]
    theirs = second[second.index(shared[0]) : second.index(shared[-1]) + 1]
    return len(set(ours) ^ set(theirs)), len(ours)
