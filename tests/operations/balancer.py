"""A balancer like a Kubernetes Service: hands new connections to whoever was ready last it asked.

with Balancer() as balancer:
    balancer.add(server.port)
    ...  requests.get(balancer.url + "/api/v1/graph")
"""

import asyncio
import contextlib
import itertools
import threading
from contextlib import AbstractContextManager
from typing import Self

_PROBE_EVERY_S = 0.1
_PROBE_PATIENCE_S = 5.0
_READY = b"HTTP/1.1 200"
_PROBE = b"GET /readyz HTTP/1.1\r\nHost: 10.1.2.3:8000\r\nConnection: close\r\n\r\n"


class Balancer(AbstractContextManager["Balancer"]):
    """Knows nothing of HTTP but the probe; connections that stand are left alone."""

    def __init__(self) -> None:
        self.ready: tuple[int, ...] = ()
        self._ports: list[int] = []
        self._turn = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listens.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, port: int) -> None:
        """Ask this server from now on whether it is ready."""
        self._ports = [*self._ports, port]

    async def _run(self) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listens.set()
        async with server:
            probing = asyncio.create_task(self._probe())
            await self._stop.wait()
            others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(probing, *others, return_exceptions=True)

    async def _probe(self) -> None:
        while True:
            ports = self._ports
            answers = await asyncio.gather(*map(_is_ready, ports))
            self.ready = tuple(port for port, ready in zip(ports, answers, strict=True) if ready)
            await asyncio.sleep(_PROBE_EVERY_S)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways; with nobody ready the connection is dropped."""
        ready = self.ready
        if not ready:
            writer.close()
            return
        port = ready[next(self._turn) % len(ready)]
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, back_writer), _pump(back_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


async def _is_ready(port: int) -> bool:
    try:
        async with asyncio.timeout(_PROBE_PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_PROBE)
            answer = await reader.readline()
            writer.close()
    except OSError:  # TimeoutError is one
        return False
    return answer.startswith(_READY)
