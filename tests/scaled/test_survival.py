"""Workers, beat, servers and Redis end without notice: nobody's socket does, no number is wrong."""

import os
import signal
import time

import pytest

from tests.crew import Crew, RedisServer
from tests.faultserver import FaultServer
from tests.scaled.mirror import Mirror
from tests.served import Served
from tests.stack import wait_until

pytestmark = [pytest.mark.usefixtures("healthy"), pytest.mark.alone]

Servers = tuple[Served, Served]

WINDOW_S = 60
# The tick that is under way, and two more.
RIGHT_AGAIN_TICKS = 3
# Three intervals of a second, and the time that a question may take.
OVERDUE_S = 13.5


def ticks_until_right(prometheus: FaultServer, mirror: Mirror) -> int:
    """Return how often the window was asked until the screen shows new numbers as fresh ones."""
    before = prometheus.ticks_of(WINDOW_S)
    mirror.steps(1)
    while mirror.source["state"] != "ok":
        mirror.read()
    return prometheus.ticks_of(WINDOW_S) - before


def test_killed_worker_is_followed_by_another(
    servers: Servers, crew: Crew, prometheus: FaultServer
) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(3)
        asked = prometheus.asked.total()
        prometheus.fault = "slow"
        wait_until(lambda: prometheus.asked.total() > asked, what="a tick under way")
        crew.keeper().kill()
        prometheus.fault = "none"
        ticks = ticks_until_right(prometheus, mirror)
        mirror.steps(2)

    # `Mirror` has seen that every step follows from the one before it.
    assert len({epoch for epoch, _ in mirror.places}) == 1
    assert ticks <= RIGHT_AGAIN_TICKS
    assert mirror.source["state"] == "ok"
    assert mirror.source["age_s"] < 3


def test_keeper_and_beat_that_die_together_are_missed_by_servers(
    servers: Servers, crew: Crew, prometheus: FaultServer
) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(2)
        crew.beat.kill()
        crew.keeper().kill()
        ticks = ticks_until_right(prometheus, mirror)
        mirror.steps(2)

    assert len({epoch for epoch, _ in mirror.places}) == 1
    assert ticks <= RIGHT_AGAIN_TICKS
    assert mirror.source["state"] == "ok"
    assert mirror.source["age_s"] < 3


def test_frozen_worker_cannot_undo_what_its_successor_has_told(
    servers: Servers, crew: Crew
) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(2)
        frozen = crew.keeper()
        os.killpg(frozen.pid, signal.SIGSTOP)
        try:
            mirror.steps(3)
        finally:
            os.killpg(frozen.pid, signal.SIGCONT)
        mirror.steps(4)

    assert mirror.places == sorted(mirror.places)
    assert mirror.moments == sorted(mirror.moments)
    assert len({epoch for epoch, _ in mirror.places}) == 1


def test_worker_that_is_told_to_stop_hands_over(servers: Servers, crew: Crew) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(2)
        leaving = crew.keeper()
        os.kill(leaving.pid, signal.SIGTERM)
        mirror.steps(4)
        wait_until(lambda: leaving.exit_code() is not None, what="the worker's end")

    assert len({epoch for epoch, _ in mirror.places}) == 1
    assert "Traceback" not in leaving.tail(100)


def test_without_beat_what_is_kept_is_kept(servers: Servers, crew: Crew) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(1)
        crew.beat.kill()
        mirror.steps(4)

    assert mirror.source["state"] == "ok"


def test_without_workers_viewers_are_told_and_keep_their_picture(
    servers: Servers, crew: Crew
) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(2)
        for worker in crew.workers:
            worker.kill()
        mirror.until("status", state="stale", reason="no_worker")
        aged = mirror.source["age_s"]
        mirror.until("status", reason="no_worker")
        rest = servers[0].graph()
        with servers[1].watch() as late:
            newcomer = late.frame()
        crew.start_worker()
        mirror.until("status" if mirror.source["state"] == "ok" else "delta", state="ok")

    assert mirror.source["age_s"] < aged
    assert (rest["source"]["state"], rest["source"]["reason"]) == ("stale", "no_worker")
    assert rest["edges"]
    assert newcomer["edges"]
    assert (newcomer["source"]["state"], newcomer["source"]["reason"]) == ("stale", "no_worker")


def test_new_server_does_not_take_what_dead_workers_left_for_fresh(
    servers: Servers, crew: Crew
) -> None:
    for worker in crew.workers:
        worker.kill()
    crew.beat.kill()
    wait_until(lambda: (servers[0].graph()["source"]["age_s"] or 0) > OVERDUE_S, what="an old one")
    with crew.serve() as newcomer:
        rest = newcomer.graph()
        with newcomer.watch() as socket:
            frame = socket.frame()

    for source in (rest["source"], frame["source"]):
        assert source["state"] == "stale"
        assert source["reason"] in ("overdue", "no_worker")
        assert source["age_s"] > OVERDUE_S
    assert rest["edges"]
    assert frame["edges"]


def test_picture_that_nobody_watches_is_old_as_soon_as_redis_is_away(
    servers: Servers, redis: RedisServer
) -> None:
    path = "type=service&namespace=bookinfo"
    assert servers[1].graph(path)["source"]["state"] == "ok"
    redis.stop()
    try:
        away = servers[1].graph(path)
    finally:
        redis.start()

    assert (away["source"]["state"], away["source"]["reason"]) == ("stale", "no_redis")
    assert away["edges"]


def test_killed_server_comes_back_with_the_same_picture(servers: Servers, crew: Crew) -> None:
    with crew.serve() as doomed, servers[0].watch() as socket:
        mirror = Mirror(socket)
        with doomed.watch() as other:
            other.next("snapshot")
            doomed.process.kill()
        mirror.steps(2)
        with crew.serve() as back, back.watch() as again:
            frame = again.next("snapshot", state="ok")
        while mirror.places[-1] < (frame["epoch"], frame["seq"]):
            mirror.steps(1)

    assert frame["epoch"] == mirror.places[0][0]


def test_redis_that_restarts_closes_no_socket(
    servers: Servers, redis: RedisServer, prometheus: FaultServer
) -> None:
    one, two = servers
    with one.watch() as first, two.watch("type=app") as second:
        mirrors = [Mirror(first), Mirror(second)]
        for mirror in mirrors:
            mirror.steps(2)
        shown = [mirror.pictures[mirror.places[-1]] for mirror in mirrors]
        redis.stop()
        for mirror in mirrors:
            mirror.until("status", state="stale", reason="no_redis")
        rest = one.graph()
        with two.watch() as late:
            newcomer = late.frame()
            second = late.frame()
        kept = [mirror.pictures[mirror.places[-1]] for mirror in mirrors]
        redis.start()
        ticks = ticks_until_right(prometheus, mirrors[0])
        for mirror in mirrors:
            mirror.steps(2)

    assert ticks <= RIGHT_AGAIN_TICKS
    assert rest["source"]["reason"] == "no_redis"
    assert rest["edges"]
    assert newcomer["source"]["reason"] == "no_redis"
    assert second["source"]["reason"] == "no_redis"
    assert all(picture.edges for picture in (*shown, *kept))
    for mirror in mirrors:
        assert mirror.source["state"] == "ok"
        assert mirror.source["age_s"] < 3


def test_redis_that_hangs_makes_no_old_number_fresh(
    servers: Servers, redis: RedisServer, prometheus: FaultServer
) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(2)
        with redis.frozen():
            mirror.until("status", state="stale", reason="no_redis")
            real_s, told_s = time.time() - mirror.moments[-1], mirror.source["age_s"]
        ticks = ticks_until_right(prometheus, mirror)
        mirror.steps(2)

    assert abs(real_s - told_s) < 2.0
    assert ticks <= RIGHT_AGAIN_TICKS
    assert mirror.source["state"] == "ok"
    assert mirror.source["age_s"] < 3


def test_redis_that_forgets_everything_is_told_anew(servers: Servers, redis: RedisServer) -> None:
    one, two = servers
    with one.watch() as first, two.watch("namespace=bookinfo&window=5m") as second:
        mirrors = [Mirror(first), Mirror(second)]
        for mirror in mirrors:
            mirror.steps(2)
        with redis.client as client:
            client.flushall()
        for mirror in mirrors:
            mirror.steps(3)
        with two.watch() as other:
            newcomer = Mirror(other)
            newcomer.steps(2)
            while mirrors[0].places[-1] < newcomer.places[-1]:
                mirrors[0].steps(1)

    place = newcomer.places[-1]
    assert mirrors[0].pictures[place] == newcomer.pictures[place]


def test_old_picture_is_never_shown_as_fresh(
    servers: Servers, crew: Crew, prometheus: FaultServer
) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(2)
        prometheus.fault = "slow"
        last = mirror.moments[-1]
        claims = []
        for _ in range(12):
            mirror.read()
            claims.append((time.time() - last, mirror.source["age_s"], mirror.moments[-1] == last))
            if mirror.source["reason"] == "timeout":
                break
        prometheus.fault = "none"

    assert mirror.source["state"] == "stale"
    # What it says of its age is the time since the numbers were true, but for a tick's own length.
    for real_s, told_s, is_same in claims:
        assert not is_same or abs(real_s - told_s) < 2.0
