"""Servers are replaced one after the other, behind a balancer that follows /readyz."""

import os
import random
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.crew import Crew, RedisServer
from tests.faultserver import FaultServer
from tests.operations.balancer import Balancer
from tests.operations.visitors import Caller, Viewer
from tests.served import Served
from tests.stack import wait_until

VIEWERS = 12
DRAIN = {"drain": "3s", "interval": "1s", "query_budget": "1"}
# Steps of the picture that may pass while a viewer comes back.
MOST_MISSED = 10


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def replaced(
    start: Callable[[], Served], told: Callable[[Sequence[Viewer]], bool]
) -> tuple[list[Viewer], list[Caller]]:
    """Replace two servers one after the other; return what viewers and callers met."""
    # People leave before the servers do, or their last question would have no answer.
    with ExitStack() as stack, ExitStack() as people:
        balancer = stack.enter_context(Balancer())
        old = [start() for _ in range(2)]
        for server in old:
            stack.enter_context(server)
            balancer.add(server.port)
        wait_until(lambda: len(balancer.ready) == 2, what="two ready servers")
        chance = random.Random(1)
        viewers = [
            people.enter_context(Viewer(balancer.url, "type=app", chance)) for _ in range(VIEWERS)
        ]
        callers = [
            people.enter_context(Caller(balancer.url, keeps=keeps)) for keeps in (True, False)
        ]
        wait_until(lambda: told(viewers), what="frames for everybody")
        for server in old:
            new = stack.enter_context(start())
            balancer.add(new.port)
            wait_until(lambda it=new: it.port in balancer.ready, what="a ready new server")
            os.kill(server.process.pid, signal.SIGTERM)
            wait_until(lambda it=server: it.process.exit_code() is not None, what="the old end")
            assert server.process.exit_code() == 0
            seen = sum(len(caller.answers) for caller in callers)
            wait_until(lambda: told(viewers), what="frames for everybody again")
            wait_until(
                lambda least=seen: sum(len(one.answers) for one in callers) > least + 10,
                what="answers for everybody",
            )
    return viewers, callers


def has_frames(viewers: Sequence[Viewer]) -> bool:
    """Whether everybody has seen a picture and two steps by the connection that stands."""
    return all(len(viewer.visits[-1].frames) >= 3 for viewer in viewers if viewer.visits) and all(
        viewer.visits for viewer in viewers
    )


def assert_in_order(frames: Sequence[dict[str, Any]]) -> None:
    """A connection begins with the whole picture; each step follows the one before."""
    pictures = [frame for frame in frames if frame["type"] in ("snapshot", "delta")]
    assert pictures[0]["type"] == "snapshot"
    for one, two in pairwise(pictures):
        if two["type"] == "delta":
            assert (two["epoch"], two["seq"]) == (one["epoch"], one["seq"] + 1)


def check(viewers: Sequence[Viewer], callers: Sequence[Caller]) -> None:
    for caller in callers:
        assert {*caller.answers} == {200}, f"keeps its connection: {caller.keeps}"
    assert sum(len(viewer.visits) for viewer in viewers) > len(viewers)
    for viewer in viewers:
        assert viewer.was_told, [visit.code for visit in viewer.visits]
        for visit in viewer.visits:
            assert_in_order(visit.frames)
            assert {"lost"}.isdisjoint(frame["type"] for frame in visit.frames)


def seqs(visit_frames: Sequence[dict[str, Any]]) -> list[int]:
    return [frame["seq"] for frame in visit_frames if frame["type"] in ("snapshot", "delta")]


def test_servers_that_poll_by_themselves_are_replaced_unnoticed(prometheus: FaultServer) -> None:
    viewers, callers = replaced(lambda: Served(prometheus.url, **DRAIN), has_frames)

    check(viewers, callers)


def test_servers_of_many_processes_are_replaced_within_one_picture(
    prometheus: FaultServer, tmp_path: Path
) -> None:
    with (
        RedisServer(tmp_path) as redis,
        Crew(prometheus.url, redis, workers=2, **DRAIN) as crew,
    ):
        viewers, callers = replaced(crew.serve, has_frames)
        check(viewers, callers)

    epochs = {
        frame["epoch"]
        for viewer in viewers
        for visit in viewer.visits
        for frame in visit.frames
        if frame["type"] in ("snapshot", "delta")
    }
    assert len(epochs) == 1, "whoever comes back goes on with the picture it had"
    for viewer in viewers:
        for before, after in pairwise(viewer.visits):
            missed = seqs(after.frames)[0] - seqs(before.frames)[-1]
            assert 0 <= missed <= MOST_MISSED
