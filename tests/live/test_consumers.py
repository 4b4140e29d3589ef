"""What a consumer does with a connection that misbehaves below the level of messages."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from graph.live.consumers import GraphConsumer
from graph.live.desk import Desk, Rules
from graph.live.feeds import Pace
from graph.live.guest import anybody
from graph.live.parameters import Windows
from tests.live.scripted import ScriptedSource


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    rules = Rules("0", Windows({"1m": 60}, "1m"), Pace(600.0, 1.0), 10.0, 4, 10)
    made = Desk(ScriptedSource(), rules)
    await made.open()
    yield made
    await made.close()


class Impatient(GraphConsumer):
    send_timeout_s = 0.05


class Wire:
    """The server's side of a connection: what it hands over, and what it was given."""

    def __init__(self, desk: Desk) -> None:
        self.scope = {
            "type": "websocket",
            "path": "/ws/graph",
            "query_string": b"",
            "state": {"desk": desk, "guest": anybody({})},
        }
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.sent: list[dict[str, Any]] = []
        self.stalled = False
        self.lost = False

    async def send(self, message: dict[str, Any]) -> None:
        if self.lost:
            raise OSError("the client is gone")
        if self.stalled and message["type"] == "websocket.send":
            await asyncio.Event().wait()
        self.sent.append(message)

    async def run(self) -> None:
        async with asyncio.timeout(60):
            await Impatient.as_asgi()(self.scope, self.incoming.get, self.send)  # type: ignore[arg-type]


async def test_stalled_viewer_is_given_up(desk: Desk) -> None:
    wire = Wire(desk)
    wire.stalled = True

    await wire.run()

    assert [message["type"] for message in wire.sent] == ["websocket.accept"]
    assert not desk.hub.viewers


async def test_lost_viewer_is_given_up(desk: Desk) -> None:
    wire = Wire(desk)
    running = asyncio.create_task(wire.run())
    async with asyncio.timeout(60):
        while len(wire.sent) < 2:  # noqa: ASYNC110  # the consumer's progress has no event
            await asyncio.sleep(0.005)
    wire.lost = True

    for viewer in desk.hub.viewers:
        viewer.resync()
    await running

    assert not desk.hub.viewers


async def test_viewer_that_leaves_while_it_is_let_in_is_not_kept(desk: Desk) -> None:
    wire = Wire(desk)
    wire.incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})

    await wire.run()

    assert not desk.hub.viewers
    assert all(not view.viewers for view in desk.hub.views.values())
