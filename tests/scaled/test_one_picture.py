"""Several servers and workers are one meshviz: asked once, drawn once, the same everywhere."""

import subprocess
import sys

import pytest
from redis import Redis

from tests.crew import Crew, RedisServer
from tests.faultserver import FaultServer
from tests.scaled.mirror import Mirror
from tests.served import ROOT, Served, environment
from tests.stack import wait_until

pytestmark = [pytest.mark.usefixtures("healthy"), pytest.mark.alone]

Servers = tuple[Served, Served]


def test_two_servers_tell_the_same_frames(servers: Servers) -> None:
    one, two = servers
    with one.watch() as first, two.watch() as second:
        mirrors = Mirror(first), Mirror(second)
        for mirror in mirrors:
            mirror.steps(5)

    left, right = (mirror.texts for mirror in mirrors)
    deltas = {place for place in left.keys() & right.keys() if '"delta"' in left[place][:20]}
    assert len(deltas & {p for p in right if '"delta"' in right[p][:20]}) >= 3
    for place in left.keys() & right.keys():
        if left[place][:20] == right[place][:20]:
            assert left[place] == right[place]
        assert mirrors[0].pictures[place] == mirrors[1].pictures[place]


def test_nothing_is_asked_twice(servers: Servers, prometheus: FaultServer) -> None:
    one, two = servers
    with one.watch() as first, two.watch("type=app") as second, two.watch() as third:
        mirrors = [Mirror(first), Mirror(second), Mirror(third)]
        for mirror in mirrors:
            mirror.steps(2)
        before = prometheus.ticks
        for mirror in mirrors:
            mirror.moments.clear()
            mirror.steps(5)
        asked = prometheus.ticks - before

    moments = {moment for mirror in mirrors for moment in mirror.moments}
    # One question per picture, but for those under way when the counting began and ended.
    assert asked <= len(moments) + 2


def test_late_server_tells_the_same_picture(servers: Servers, crew: Crew) -> None:
    with servers[0].watch() as first, crew.serve() as late, late.watch() as other:
        mirror, newcomer = Mirror(first), Mirror(other)
        newcomer.steps(2)
        while mirror.places[-1:] < newcomer.places[-1:]:
            mirror.steps(1)

    place = newcomer.places[-1]
    assert mirror.pictures[place] == newcomer.pictures[place]


def test_first_viewer_of_a_window_has_it_polled(servers: Servers) -> None:
    with servers[0].watch("window=5m") as socket:
        frame = socket.next("snapshot", state="ok")

    assert frame["window_s"] == 300
    wait_until(
        lambda: {feed["window"] for feed in servers[1].status()["feeds"]} == {"1m", "5m"},
        what="both feeds",
    )


def test_views_are_capped_over_all_servers(servers: Servers, redis: RedisServer) -> None:
    with redis.client as client:
        client.delete("", *client.keys("*:wanted:views"))
    scopes = [f"namespace=n{number}" for number in range(6)]
    sockets = [servers[number % 2].watch(scope) for number, scope in enumerate(scopes)]
    try:
        for socket in sockets:
            socket.next("snapshot")
        with servers[0].watch("namespace=more") as refused:
            error = refused.frame()
            assert error["type"] == "error"
            code = refused.close_code()
    finally:
        for socket in sockets:
            socket.__exit__()

    assert error["parameter"] == "views"
    assert "MESHVIZ_MAX_VIEWS" in error["accepted"]
    assert code == 1013


def test_api_answers_what_viewers_see(servers: Servers) -> None:
    with servers[0].watch() as socket:
        mirror = Mirror(socket)
        mirror.steps(1)
        graph = servers[1].graph()
        while mirror.places[-1] < (graph["epoch"], graph["seq"]):
            mirror.steps(1)

    picture = mirror.pictures[graph["epoch"], graph["seq"]]
    assert graph["nodes"] == list(picture.nodes.values())
    assert graph["edges"] == list(picture.edges.values())


def test_api_draws_what_nobody_watches_and_explains_it(servers: Servers) -> None:
    graph = servers[1].graph("type=versioned_app&namespace=shop")
    edge = graph["edges"][0]["id"]
    answer = servers[1].get(
        "/api/v1/queries",
        params={"type": "versioned_app", "namespace": "shop", "edge": edge},
    )

    assert {node["namespace"] for node in graph["nodes"]} >= {"shop"}
    assert graph["source"]["state"] == "ok"
    assert answer.status_code == 200
    assert "istio_requests_total" in answer.text


def test_status_tells_of_the_workers(servers: Servers, prometheus: FaultServer) -> None:
    status = servers[0].status()

    assert status["mode"] == "scaled"
    assert status["source"]["version"] == "2.42.0"
    assert status["queries_total"] > prometheus.ticks
    assert status["feeds"][0]["source"]["cadence_s"] >= 1.0


def test_everything_in_redis_expires(servers: Servers, redis: RedisServer) -> None:
    def lasting(client: Redis) -> set[str]:
        names = {key.decode() for key in client.keys("*") if client.ttl(key) == -1}
        # Celery's own two, which say where messages go.
        return {name for name in names if "_kombu.binding" not in name}

    with servers[0].watch() as socket, redis.client as client:
        socket.next("delta")
        # Beat sees to Celery's keys once an interval.
        wait_until(lambda: not lasting(client), what="an end of everything")
        assert len(client.keys("*_kombu.binding*")) == 2


def test_notices_are_short(servers: Servers, redis: RedisServer) -> None:
    with servers[0].watch("namespace=shop") as socket, redis.client as client:
        (channel,) = client.pubsub_channels("*:news")
        with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(channel)
            socket.next("delta")
            heard = [pubsub.get_message(timeout=1.0) for _ in range(5)]

    sizes = [len(message["data"]) for message in heard if message]
    assert sizes
    assert max(sizes) < 100


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_commands_say_what_they_need(command: str, crew: Crew) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=environment(prometheus_url="http://127.0.0.1:9"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2
    assert "MESHVIZ_REDIS_URL" in done.stderr
    assert "redis://" in done.stderr
    assert "Traceback" not in done.stderr
