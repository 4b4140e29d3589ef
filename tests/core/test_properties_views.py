"""Whatever proxies say, however it is looked at: frames are exact, no number is impossible."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.core import engine, outcomes
from graph.core.engine import ViewSpec
from graph.core.frame import apply
from graph.core.picture import Picture
from graph.core.samples import Sample
from graph.core.wire import Edge, Side
from tests.core.meshes import (
    WINDOW_S,
    Call,
    absorbed,
    answers,
    drawn,
    folded_looks,
    looks,
    mapped,
    meshes,
    plain_meshes,
)
from tests.make import AT, labels

# Three digits may be off by half a percent each.
DIGITS = 0.011
ALL = ViewSpec("workload", WINDOW_S, ())


@settings(max_examples=60)
@given(meshes, meshes, meshes, folded_looks)
def test_deltas_lead_every_view_to_its_snapshot(
    first: list[Call], second: list[Call], third: list[Call], look: ViewSpec
) -> None:
    seen, frame = engine.render(None, absorbed(answers(first)), look, "epoch")
    assert frame["type"] == "snapshot"
    mirror = apply(Picture(), frame)
    for step, mesh in enumerate((second, third), start=1):
        told = absorbed(answers(mesh), at=AT + step)
        seen, frame = engine.render(seen, told, look, "epoch")
        assert frame["type"] == "delta"
        mirror = apply(mirror, frame)

        assert apply(mirror, frame) == mirror
        assert mirror == apply(Picture(), engine.snapshot(seen, seen.status))


def rps(side: Side | None) -> float:
    return (side["rps"] or 0.0) if side else 0.0


def unreached(edge: Edge) -> float:
    """Return the client's requests that no server's proxy could count."""
    told = edge["client"]["responses"] if edge["client"] else []
    return sum(
        row["rps"] for row in told if outcomes.never_reached(outcomes.Outcome("", "", row["flags"]))
    )


@settings(max_examples=100)
@given(plain_meshes)
def test_an_edge_never_has_more_than_its_better_account_and_what_never_arrived(
    mesh: list[Call],
) -> None:
    for edge in drawn(answers(mesh), ALL).edges.values():
        if edge["protocol"] != "tcp":
            assert edge["rps"] is not None
            most = max(rps(edge["client"]), rps(edge["server"])) + unreached(edge)
            assert rps(edge["server"]) * (1 - DIGITS) <= edge["rps"] <= most * (1 + DIGITS)


@settings(max_examples=100)
@given(plain_meshes, st.sampled_from(["server", "client"]))
def test_a_perspective_is_that_proxys_account_alone_where_it_reports(
    mesh: list[Call], perspective: Any
) -> None:
    for edge in drawn(answers(mesh), replace(ALL, perspective=perspective)).edges.values():
        side = edge["server"] if perspective == "server" else edge["client"]
        other = edge["client"] if perspective == "server" else edge["server"]
        chosen = side if side is not None and _moves(side) else other
        assert chosen is not None
        assert edge["rps"] == chosen["rps"]
        assert edge["error_ratio"] == chosen["error_ratio"]
        assert edge["sent_bps"] == chosen["sent_bps"]
        assert edge["connections_closed_per_s"] == chosen["connections_closed_per_s"]


def _moves(side: Side) -> bool:
    return bool(side["rps"] or side["sent_bps"])


@settings(max_examples=60)
@given(meshes, folded_looks)
def test_a_nodes_totals_are_those_of_its_edges(mesh: list[Call], look: ViewSpec) -> None:
    picture = drawn(answers(mesh), replace(look, waypoints=False))
    for node in picture.nodes.values():
        edges = [edge for edge in picture.edges.values() if edge["target"] == node["id"]]
        requests = [edge["rps"] for edge in edges if edge["rps"] is not None]
        if requests:
            assert math.isclose(node["in"]["rps"] or 0.0, sum(requests), rel_tol=DIGITS)
        else:
            assert node["in"]["rps"] is None


@settings(max_examples=60)
@given(meshes, folded_looks)
def test_a_scope_leaves_out_edges_and_changes_none(mesh: list[Call], look: ViewSpec) -> None:
    told = answers(mesh)
    everything = drawn(told, replace(look, namespaces=()))
    for key, edge in drawn(told, look).edges.items():
        assert edge == everything.edges[key]


@settings(max_examples=60)
@given(meshes, looks)
def test_options_add_edges_and_change_no_request(mesh: list[Call], look: ViewSpec) -> None:
    told = answers(mesh)
    bare = drawn(told, replace(look, idle=False, waypoints=False, operations=False))
    full = drawn(told, replace(look, idle=True, waypoints=True, operations=False))

    assert bare.edges.keys() <= full.edges.keys()
    assert all(full.edges[key]["rps"] == edge["rps"] for key, edge in bare.edges.items())


@settings(max_examples=60)
@given(plain_meshes)
def test_a_mesh_of_collapsed_namespaces_is_the_graph_of_namespaces(mesh: list[Call]) -> None:
    told = answers(mesh)
    ends = ("source", "destination")
    namespaces = {call.labels[f"{end}_workload_namespace"] for call in mesh for end in ends}
    whole = drawn(told, replace(ALL, collapsed=tuple(sorted(namespaces))))

    assert whole == drawn(told, replace(ALL, graph_type="namespace"))


@settings(max_examples=60)
@given(meshes, looks)
def test_collapsing_a_namespace_leaves_edges_elsewhere_as_they_are(
    mesh: list[Call], look: ViewSpec
) -> None:
    told = answers(mesh)
    fine = drawn(told, replace(look, collapsed=()))
    whole = drawn(told, replace(look, collapsed=("shop",)))
    elsewhere = {key for key, node in whole.nodes.items() if node["namespace"] != "shop"}

    assert not any(
        node["namespace"] == "shop" and node["kind"] != "namespace" for node in whole.nodes.values()
    )
    for key, edge in whole.edges.items():
        if {edge["source"], edge["target"]} <= elsewhere:
            assert edge == fine.edges[key]


@settings(max_examples=60)
@given(meshes)
def test_an_edge_with_errors_is_never_called_healthy(mesh: list[Call]) -> None:
    for edge in drawn(answers(mesh), ALL).edges.values():
        if edge["protocol"] != "tcp" and edge["error_ratio"]:
            assert edge["health"] in ("degraded", "failing")


numbers = st.one_of(
    st.floats(0, 1e12),
    st.sampled_from([0.0, 5e-324, math.nan, math.inf, -math.inf]),
)


def leaves(thing: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value inside the wire's objects, with the keys that lead there."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from leaves(value, (*path, key))
    elif isinstance(thing, list):
        for value in thing:
            yield from leaves(value, path)
    else:
        yield path, thing


@settings(max_examples=100)
@given(meshes, looks, st.data())
def test_numbers_are_finite_ratios_are_shares_and_json_keeps_them(
    mesh: list[Call], look: ViewSpec, data: st.DataObject
) -> None:
    def shaken(sample: Sample) -> list[Sample]:
        return [Sample(sample.labels, data.draw(numbers))]

    told = mapped(answers(mesh), shaken)
    whole = engine.render(None, absorbed(told), look, "epoch")[1]

    for path, value in leaves(whole):
        if isinstance(value, float):
            assert math.isfinite(value), path
            assert value >= 0 or path[-1] == "network_ms", path
            if path[-1] in ("error_ratio", "client_error_ratio", "ratio"):
                assert value <= 1, path
    assert orjson.loads(orjson.dumps(whole)) == whole
    assert json.loads(json.dumps(whole, allow_nan=False)) == whole


texts = st.text(max_size=12)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(labels())), texts), looks)
def test_labels_of_any_content_make_a_graph_whose_edges_have_ends(
    odd: dict[str, str], look: ViewSpec
) -> None:
    reporter = {"reporter": "source"} if "reporter" in odd else {}
    marks = {**labels(), **odd, **reporter, "response_code": "200"}
    everywhere = replace(look, namespaces=())
    told = {"requests": [Sample(marks, 3.0)], "tcp_sent": [Sample(marks, 5.0)]}
    whole = engine.render(None, absorbed(told), everywhere, "epoch")[1]

    assert whole["type"] == "snapshot"
    nodes = {node["id"] for node in whole["nodes"]}
    assert {edge[end] for edge in whole["edges"] for end in ("source", "target")} <= nodes
    assert orjson.loads(orjson.dumps(whole)) == whole


@settings(max_examples=100)
@given(texts, texts, texts, texts)
def test_two_names_are_two_nodes(
    namespace: str, workload: str, other_namespace: str, other: str
) -> None:
    names = {(namespace, workload), (other_namespace, other)}
    assume(not {"", "unknown", "-"} & {namespace, workload, other_namespace, other})
    rows = [
        Sample(
            {
                **labels(),
                "source_workload_namespace": where,
                "source_workload": what,
                "response_code": "200",
            },
            1.0,
        )
        for where, what in names
    ]

    assert len(drawn({"requests": rows}, ALL).edges) == len(names)


@pytest.mark.parametrize("graph_type", ["workload", "app", "versioned_app", "service", "namespace"])
def test_an_empty_mesh_is_an_empty_picture(graph_type: Any) -> None:
    assert drawn({}, replace(ALL, graph_type=graph_type)) == Picture()
