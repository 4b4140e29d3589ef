"""What is said to be behind a number adds up to the number."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from graph.core import engine
from graph.core.accounts import Entry
from graph.core.engine import ViewSpec
from graph.core.origins import Behind, EdgeOrigin, Origins, origins
from graph.core.outcomes import never_reached
from graph.core.readings import SlowFacts
from graph.core.rules import MeshRules
from graph.core.topology import Look
from graph.core.wire import Edge, Node
from tests.core.meshes import Call, absorbed, answers, looks, meshes
from tests.core.test_ambient import through_a_waypoint
from tests.make import buckets, readings, request, tcp, unanswered


def requests_in(entries: Iterable[Entry]) -> float:
    return sum(sum(entry.account.outcomes.values()) for entry in entries)


def lost_in(entries: Iterable[Entry]) -> float:
    """Return the failures that never reached a server."""
    return sum(
        rate
        for entry in entries
        for outcome, rate in entry.account.outcomes.items()
        if never_reached(outcome)
    )


def mean_ms(entries: Iterable[Entry]) -> float | None:
    accounts = [entry.account for entry in entries]
    count = sum(account.duration_count for account in accounts)
    return sum(account.duration_sum_ms for account in accounts) / count if count else None


def total_rps(behind: Behind) -> float:
    return requests_in(behind.counted) + lost_in(behind.lost)


def bps_in(entries: Iterable[Entry], name: str) -> float:
    return sum(getattr(entry.account, name) or 0.0 for entry in entries)


def close(number: float) -> object:
    """Return what equals a number that was rounded to three digits."""
    return pytest.approx(number, rel=0.006, abs=1e-6)


def volume(entries: Iterable[Entry], slow: SlowFacts) -> float:
    """Return the bytes of responses per second."""
    told = [slow.volumes[entry.filed] for entry in entries if entry.filed in slow.volumes]
    return sum(each.sent_bps or 0.0 for each in told)


def check_edge(edge: Edge, origin: EdgeOrigin, slow: SlowFacts) -> None:
    assert (edge["source"], edge["target"], edge["protocol"]) == (
        origin.source,
        origin.target,
        origin.protocol,
    )
    if edge["protocol"] == "tcp":
        assert (edge["sent_bps"] or 0) == close(bps_in(origin.total.moved, "sent_bps"))
        return
    assert (edge["rps"] or 0) == close(total_rps(origin.total))
    assert (edge["sent_bps"] or 0) == close(volume(origin.total.moved, slow))
    known = any(entry.filed in slow.rows for entry in origin.total.timed)
    assert (edge["latency_ms"]["p50"] is not None) <= known
    assert (edge["latency_ms"]["avg"] or 0) == close(mean_ms(origin.total.timed) or 0)
    for side, behind in (("client", origin.client), ("server", origin.server)):
        assert (behind.lost, behind.moved) == ((), behind.counted)
        assert set(map(id, behind.timed)) <= set(map(id, behind.counted))
        shown = edge[side]  # type: ignore[literal-required]
        if shown is not None:
            assert (shown["rps"] or 0) == close(requests_in(behind.counted))
            assert (shown["latency_ms"]["avg"] or 0) == close(mean_ms(behind.timed) or 0)


def check_node(node: Node, found: Origins) -> None:
    for direction, edges in (
        ("in", found.inbound(node["id"])),
        ("out", found.outbound(node["id"])),
    ):
        told = sum(total_rps(edge.total) for edge in edges if edge.protocol != "tcp")
        shown = node[direction]  # type: ignore[literal-required]
        assert (shown["rps"] or 0) == close(told)


@settings(max_examples=80)
@given(meshes, looks)
def test_accounts_behind_edges_and_nodes_add_up(mesh: list[Call], look: ViewSpec) -> None:
    feed = absorbed(answers(mesh))
    assert feed.readings is not None
    assert feed.readings.slow is not None
    picture = engine.render(None, feed, look, "origins")[0].picture

    found = origins(feed.readings, look.look)
    assert found.names == feed.readings.fast.names

    assert set(picture.edges) <= set(found.edges)
    for key, edge in picture.edges.items():
        check_edge(edge, found.edges[key], feed.readings.slow)
    for node in picture.nodes.values():
        if node["kind"] not in ("namespace", "operation") and not look.namespaces:
            check_node(node, found)


def only(found: Origins) -> EdgeOrigin:
    (edge,) = found.edges.values()
    return edge


def test_failures_that_found_no_server_are_behind_the_edge_only_where_there_are_any() -> None:
    served, asked = request(9), request(9, reporter="source")
    refused = request(1, reporter="source", response_flags="UF", response_code="503")

    calm = only(origins(readings(requests=[served, asked]), Look("workload")))
    broken = only(origins(readings(requests=[served, asked, refused]), Look("workload")))

    assert calm.total.lost == ()
    assert [entry.reporter for entry in broken.total.lost] == ["source"]
    assert [entry.reporter for entry in broken.total.counted] == ["destination"]


def test_failures_that_may_come_are_behind_what_lasts() -> None:
    told = [request(9), request(9, reporter="source")]
    made = readings(requests=told)

    now = only(origins(made, Look("service"))).total
    lasting = only(origins(made, Look("service"), lasting=True)).total

    assert now.lost == ()
    assert servers(lasting.lost) == ["reviews-v1"]


def test_the_namespaces_of_nodes_are_told() -> None:
    made = readings(requests=[request(1, destination_workload_namespace="shop")])

    found = origins(made, Look("workload"))

    (edge,) = found.edges.values()
    assert found.namespaces == {edge.source: "bookinfo", edge.target: "shop"}


def test_every_account_is_known_drawn_or_not_with_its_settled_link() -> None:
    made = readings(requests=[request(5), request(5, reporter="source"), unanswered(1)])

    found = origins(made, Look("workload", scope=("nowhere",)))

    assert found.edges == {}
    assert {reporter for _, reporter in found.tellers} == {"source", "destination"}
    assert len(found.tellers) == 3


def test_who_lends_its_word_on_security_is_told() -> None:
    nobody = {
        "source_workload": "unknown",
        "source_workload_namespace": "unknown",
        "source_canonical_service": "unknown",
        "connection_security_policy": "none",
    }
    made = readings(tcp_sent=[tcp(1000, **nobody), tcp(1000, source="web", reporter="source")])

    edge = only(origins(made, Look("workload")))

    assert [entry.reporter for entry in edge.total.counted] == ["source"]
    assert [(entry.reporter, entry.link.source.workload) for entry in edge.lent] == [
        ("destination", "")
    ]


def test_what_is_told_twice_is_kept_by_the_callers_namespace() -> None:
    nobody = {"source_workload": "unknown", "source_canonical_service": "unknown"}
    callers = [
        tcp(500, **nobody, source_workload_namespace="bank"),
        tcp(900, **nobody, source_workload_namespace="unknown"),
        tcp(500, source="teller", reporter="source", source_workload_namespace="bank"),
        tcp(600, source="web", reporter="source", source_workload_namespace="shop"),
    ]

    asks = request(9, source="web", reporter="source", source_workload_namespace="shop")
    found = origins(readings(tcp_sent=callers, requests=[asks]), Look("workload"))

    def names(entries: Iterable[Entry]) -> list[str]:
        return [entry.link.source.workload for entry in entries]

    assert {where: names(taken.callers) for (_, where), taken in found.taken.items()} == {
        "bank": ["teller"],
        "": ["web"],
    }
    rest = [edge for edge in found.edges.values() if edge.source.startswith("u/")]
    assert [entry.account.sent_bps for edge in rest for entry in edge.total.counted] == [
        pytest.approx(300)
    ]


def test_a_waypoint_has_its_legs_and_the_ends_do_not() -> None:
    made = through_a_waypoint().readings
    assert made is not None

    found = origins(made, Look("workload", waypoints=True))

    to, past = sorted(
        (edge for edge in found.edges.values() if edge.is_leg), key=lambda edge: edge.source
    )
    (waypoint,) = found.waypoints
    assert (to.target, past.source) == (waypoint, waypoint)
    assert (found.inbound(waypoint), found.outbound(waypoint)) == ([to], [past])
    (whole,) = (edge for edge in found.edges.values() if not edge.is_leg)
    assert (found.outbound(whole.source), found.inbound(whole.target)) == ([whole], [whole])


def test_families_are_the_patterns_without_their_namespaces() -> None:
    made = readings(requests=[request(1)])
    rules = MeshRules(groups=("shop/tenant-*", "shard-?"))

    found = origins(type(made)(made.at, made.window_s, made.fast, made.slow, rules), Look("app"))

    assert found.families == {"tenant-*", "shard-?"}


def test_what_is_behind_two_edges_is_behind_both() -> None:
    found = origins(
        readings(requests=[request(1), request(2, target="details-v1")]), Look("workload")
    )
    one, other = (edge.total for edge in found.edges.values())
    lost = Behind((), one.counted, (), ())

    both = Behind.of([one, other, lost])

    assert both.counted == one.counted + other.counted
    assert both.moved == one.moved + other.moved
    assert both.timed == one.timed + other.timed
    assert both.lost == one.counted


def strays(*, slow: bool = False, mean: float = 9, alive: float = 9) -> EdgeOrigin:
    """Return an edge of answered requests beside some that found no server, by one caller."""
    answered = request(alive, reporter="source")
    stray = unanswered(1)
    answers = {"requests": [answered, stray], "duration_count": [stray], "duration_sum": [stray]}
    if mean:
        answers["duration_count"] = [request(mean, reporter="source"), stray]
    if slow:
        answers["duration_buckets"] = buckets({"5": 1, "+Inf": 2}, reporter="source")
    return only(origins(readings(**answers), Look("service")))


def servers(entries: Iterable[Entry]) -> list[str]:
    return sorted(entry.link.target.workload for entry in entries)


def test_requests_that_found_no_server_count_and_carry_nothing() -> None:
    total = strays().total

    assert servers(total.counted) == ["", "reviews-v1"]
    assert servers(total.moved) == servers(total.timed) == ["reviews-v1"]


def test_where_nothing_was_answered_strays_stand_for_all() -> None:
    total = strays(alive=0, mean=0).total

    assert servers(total.moved) == servers(total.timed) == ["", "reviews-v1"]
    assert servers(strays(alive=0, mean=0, slow=True).total.timed) == ["reviews-v1"]


def test_response_times_are_of_those_who_have_any() -> None:
    assert servers(strays(mean=0).client.timed) == ["", "reviews-v1"]
    assert servers(strays(mean=0, slow=True).client.timed) == ["reviews-v1"]
    assert servers(strays(mean=0.5).client.timed) == ["reviews-v1"]


def test_connections_that_found_no_server_are_carried_with_the_rest() -> None:
    lost = unanswered(5, request_protocol="tcp")
    made = readings(tcp_sent=[tcp(9, reporter="source"), lost])

    total = only(origins(made, Look("service"))).total

    assert servers(total.moved) == ["", "reviews-v1"]


def test_accounts_of_the_slow_lane_alone_are_known_with_their_settled_links() -> None:
    shy = {"destination_cluster": "unknown", "reporter": "source"}
    made = readings(requests=[request(1)], duration_buckets=buckets({"5": 1, "+Inf": 2}, **shy))

    found = origins(made, Look("workload"))

    (asked,) = (teller for teller in found.tellers if teller[1] == "source")
    assert found.tellers[asked] == made.fast.census.settled(asked[0])
    assert found.tellers[asked].target.cluster == "Kubernetes"
    assert len(found.tellers) == 2


def test_readings_without_a_slow_lane_have_origins_too() -> None:
    made = readings(requests=[request(1)])

    found = origins(replace(made, slow=None), Look("workload"))

    assert len(found.tellers) == len(found.edges) == 1
