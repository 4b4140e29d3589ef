"""A line of a history says at a moment what the graph of that moment said, on every mesh."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.origins import Origins, origins
from graph.core.wire import GraphType, History, Series, Snapshot
from graph.sources import Wanted, history
from graph.sources.chart import TOPICS
from graph.sources.ranges import Times
from graph.sources.strands import Target
from tests.scenarios.cases import case
from tests.scenarios.recorded import Recorded
from tests.scenarios.test_ambient import MIXED, WAYPOINT
from tests.scenarios.test_clusters import CLUSTERS
from tests.scenarios.test_egress import EGRESS
from tests.scenarios.test_eras import ERAS, MIXER
from tests.scenarios.test_flags import FLAGS, OPERATIONS
from tests.scenarios.test_lasting import STREAMS
from tests.scenarios.test_queries import odd_first, scenes

pytestmark = pytest.mark.prometheus

STEADY = case("steady", load=2)
PAYMENTS = case("payments", "payments-503:full", load=2)
CANARY = case("canary")
_EDGES, _NODES = 8, 6
# Before the end of a recording, and with all of its window behind it.
_EARLIER_S = 30.0
Key = tuple[str, str, str | None]


def drawn(scene: Recorded, graph_type: GraphType, moment: float, **how: Any) -> Snapshot:
    feed = scene.feed(moment)
    spec = ViewSpec(graph_type, scene.case.window_s, (), **how)
    state, _ = engine.render(None, feed, spec, "history")
    return engine.snapshot(state, state.status)


def behind(scene: Recorded, graph_type: GraphType = "workload", **how: Any) -> Origins:
    """Return what is behind the picture at the end, as a chart asks for it."""
    readings = scene.feed().readings
    assert readings is not None
    look = ViewSpec(graph_type, scene.case.window_s, (), idle=True, **how).look
    return origins(readings, look, lasting=True)


def told(
    scene: Recorded,
    found: Origins,
    target: Target,
    times: Times | None = None,
    *,
    by_version: bool = False,
) -> History:
    """Return the history of the last half minute of a recording, or of other moments."""
    end = scene.started_at + scene.case.seconds
    times = times or Times(end - _EARLIER_S, 5.0, 7)
    wanted = Wanted(target, times, scene.case.window_s, TOPICS, by_version)
    return history(scene.source, found, wanted)


def at(line: Series, answer: History, moment: float) -> float | None:
    return line["values"][answer["times"].index(moment)]


def lines(answer: History, moment: float, version: str | None = None) -> dict[Key, float]:
    """Return what the lines say at a moment, but for zeros."""
    return {
        (line["field"], line["label"], line["way"]): value
        for line in answer["series"]
        if line["version"] == version and (value := at(line, answer, moment))
    }


def shown(
    entity: Mapping[str, Any], way: str | None, rates: Mapping[str, Any]
) -> Iterator[tuple[Key, float]]:
    """Yield what a graph shows of the same fields."""
    for field in ("rps", "sent_bps", "received_bps", "connections_per_s"):
        if rates.get(field):
            yield (field, "", way), rates[field]
    if way == "out":
        return
    for name in ("avg", "p50", "p95", "p99"):
        if entity["latency_ms"][name] is not None:
            yield ("latency_ms", name, way), entity["latency_ms"][name]
    yield from _failed(entity, way)
    for response in entity["responses"]:
        protocol = response.get("protocol") or entity["protocol"]
        is_status = protocol == "grpc" and len(response["code"]) < 3
        code = f"gRPC {response['code']}" if is_status else response["code"]
        if protocol == "tcp":
            continue
        label = f"{code} {response['flags']}".strip()
        if response["error"]:
            yield ("error_rps", label, way), response["rps"]
        elif response["code"].startswith("4"):
            yield ("client_error_rps", label, way), response["rps"]


def _failed(entity: Mapping[str, Any], way: str | None) -> Iterator[tuple[Key, float]]:
    """Yield the TCP connections that failed, whatever the flag."""
    rates = [
        response["rps"]
        for response in entity["responses"]
        if response["error"] and (response.get("protocol") or entity["protocol"]) == "tcp"
    ]
    if rates:
        yield ("failed_connections_per_s", "", way), sum(rates)


def differences(scene: Recorded, graph_type: GraphType = "workload", **how: Any) -> list[str]:
    """Return where a history and the graph of its moment differ."""
    moment = scene.started_at + scene.case.seconds - _EARLIER_S
    view, found = (
        drawn(scene, graph_type, scene.case.seconds - _EARLIER_S),
        behind(scene, graph_type),
    )
    wrong: list[str] = []
    for node in odd_first(view["nodes"], _NODES):
        answer = told(scene, found, Target(node=node["id"]))
        expected = {
            key: value for way in ("in", "out") for key, value in shown(node, way, node[way])
        }
        wrong += compared(node["id"], lines(answer, moment), expected)
    for edge in odd_first(view["edges"], _EDGES):
        answer = told(scene, found, Target(edge=edge["id"]))
        wrong += compared(edge["id"], lines(answer, moment), dict(shown(edge, None, edge)))
    return wrong


def compared(name: str, got: Mapping[Key, float], expected: Mapping[Key, float]) -> list[str]:
    """Return the differences. A graph does not tell how a node's callees answer."""
    return [
        f"{name} {key}: {got.get(key)} instead of {expected.get(key)}"
        for key in sorted(expected.keys() | got.keys(), key=str)
        if key in expected or (key[2] != "out" and key[0] != "connections_per_s")
        if got.get(key, 0.0) != pytest.approx(expected.get(key, 0.0), rel=0.015, abs=0.002)
    ]


@pytest.mark.parametrize(
    (),
    scenes(STEADY, PAYMENTS, WAYPOINT, MIXED, CLUSTERS, ERAS, MIXER, FLAGS, EGRESS, STREAMS),
)
def test_a_moment_is_what_the_graph_said_then(scene: Recorded) -> None:
    assert differences(scene) == []


@pytest.mark.scene(FLAGS)
def test_connections_that_failed_have_a_line_of_their_own(scene: Recorded) -> None:
    moment = scene.started_at + scene.case.seconds - _EARLIER_S
    view = drawn(scene, "workload", scene.case.seconds - _EARLIER_S)
    edges = [edge for edge in view["edges"] if edge["protocol"] == "tcp"]
    failing = next(edge for edge in edges if edge["error_ratio"])

    found = lines(told(scene, behind(scene), Target(edge=failing["id"])), moment)

    failed = sum(row["rps"] for row in failing["responses"] if row["error"])
    assert failed > 0
    assert found["failed_connections_per_s", "", None] == pytest.approx(failed, rel=0.015)


@pytest.mark.scene(PAYMENTS)
@pytest.mark.parametrize("graph_type", ["app", "service", "namespace"])
def test_whatever_a_node_stands_for(scene: Recorded, graph_type: GraphType) -> None:
    assert differences(scene, graph_type) == []


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"perspective": "client"}, marks=pytest.mark.scene(PAYMENTS)),
        pytest.param({"perspective": "server"}, marks=pytest.mark.scene(PAYMENTS)),
        pytest.param({"waypoints": True}, marks=pytest.mark.scene(WAYPOINT)),
        pytest.param({"operations": True}, marks=pytest.mark.scene(OPERATIONS)),
        pytest.param({"collapsed": ("boutique",)}, marks=pytest.mark.scene(PAYMENTS)),
    ],
    ids=str,
)
def test_however_it_is_looked_at(scene: Recorded, how: dict[str, Any]) -> None:
    assert differences(scene, **how) == []


@pytest.mark.scene(CANARY)
def test_versions_are_told_apart_and_add_up(scene: Recorded) -> None:
    moment = scene.started_at + scene.case.seconds - _EARLIER_S
    view = drawn(scene, "app", scene.case.seconds - _EARLIER_S)
    (movies,) = (node for node in view["nodes"] if node["name"] == "movies")
    apart = drawn(scene, "versioned_app", scene.case.seconds - _EARLIER_S)
    target = Target(node=movies["id"])

    answer = told(scene, behind(scene, "app"), target, by_version=True)
    whole = lines(told(scene, behind(scene, "app"), target), moment)

    shares = {
        node["version"]: node["in"]["rps"] for node in apart["nodes"] if node["name"] == "movies"
    }
    assert set(shares) == {"v1", "v2", "v3"}
    for version, rps in shares.items():
        found = lines(answer, moment, version)
        assert found["rps", "", "in"] == pytest.approx(rps, rel=0.015)
        assert ("latency_ms", "p95", "in") in found
    assert sum(rps or 0.0 for rps in shares.values()) == pytest.approx(
        whole["rps", "", "in"], rel=0.02
    )
    # What it calls is not told apart by its own versions.
    assert {line["version"] for line in answer["series"] if line["way"] == "out"} == {None}


@pytest.mark.scene(PAYMENTS)
def test_everything_is_the_sum_of_its_edges(scene: Recorded) -> None:
    moment = scene.started_at + scene.case.seconds - _EARLIER_S
    view = drawn(scene, "workload", scene.case.seconds - _EARLIER_S)

    found = lines(told(scene, behind(scene), Target()), moment)

    for field in ("rps", "sent_bps", "received_bps", "connections_per_s"):
        total = sum(edge[field] or 0.0 for edge in view["edges"])  # type: ignore[literal-required]
        assert found[field, "", None] == pytest.approx(total, rel=0.02), field
    errors = sum(value for (field, _, _), value in found.items() if field == "error_rps")
    failed = sum((e["error_ratio"] or 0.0) * (e["rps"] or 0.0) for e in view["edges"])
    assert errors == pytest.approx(failed, rel=0.02)


@pytest.mark.scene(PAYMENTS)
def test_a_namespace_is_what_its_node_is(scene: Recorded) -> None:
    moment = scene.started_at + scene.case.seconds - _EARLIER_S
    view = drawn(scene, "namespace", scene.case.seconds - _EARLIER_S)
    (shop,) = (node for node in view["nodes"] if node["name"] == "boutique")

    answer = told(scene, behind(scene, "namespace"), Target(namespace="boutique"))

    expected = {
        key: value
        for way in ("in", "out")
        for key, value in shown(shop, way, shop[way])  # type: ignore[literal-required]
    }
    assert answer["id"] == "boutique"
    assert len(expected) > 8
    assert compared("boutique", lines(answer, moment), expected) == []


@pytest.mark.scene(PAYMENTS)
def test_a_line_is_what_its_query_gives(scene: Recorded) -> None:
    view = drawn(scene, "workload", scene.case.seconds)
    (payments,) = (node for node in view["nodes"] if node["name"] == "payments-v1")

    answer = told(scene, behind(scene), Target(node=payments["id"]))

    end = answer["times"][-1]
    assert {line["reporter"] for line in answer["series"]} == {"server", "client", "mixed"}
    for line in answer["series"]:
        rows: list[Any] = scene.server.query(line["promql"], end)
        got = float(rows[0]["value"][1])
        value = at(line, answer, end)
        assert value == pytest.approx(got, rel=0.01, abs=0.001), line
        assert (line["url"] or "").startswith(f"{scene.server.url}/graph?")


@pytest.mark.scene(STEADY)
def test_before_it_was_scraped_nothing_is_known_rather_than_too_little(scene: Recorded) -> None:
    window_s = scene.case.window_s
    times = Times(scene.started_at - 30, 5.0, 37)

    answer = told(scene, behind(scene), Target(), times)

    (rps,) = (line for line in answer["series"] if line["field"] == "rps")
    known = [value for value in rps["values"] if value is not None]
    first = answer["times"][len(rps["values"]) - len(known)]
    assert None not in rps["values"][-len(known) :]
    assert first >= scene.started_at + window_s * 0.75
    assert min(known) > 0.85 * known[-1]


@pytest.mark.scene(STEADY)
def test_what_is_not_drawn_has_no_history(scene: Recorded) -> None:
    found = behind(scene)
    for target in (Target(node="w/no/such"), Target(edge="a|b|http"), Target(namespace="none")):
        with pytest.raises(KeyError):
            told(scene, found, target)
