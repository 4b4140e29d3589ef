"""Two clusters with the same names: nothing is merged, nothing is lost on the way across."""

import pytest

from graph.core.wire import Edge
from tests.scenarios.cases import case
from tests.scenarios.flows import bytes_near, flow, near
from tests.scenarios.recorded import Recorded

CLUSTERS = case("clusters", load=2)
pytestmark = pytest.mark.scene(CLUSTERS)

End = tuple[str | None, str]


def drawn(scene: Recorded) -> dict[tuple[End, End, str], Edge]:
    """Return the edges by cluster and name of their ends."""
    view = scene.view()
    ends = {node["id"]: (node["cluster"], node["name"]) for node in view["nodes"]}
    edges = {
        (ends[edge["source"]], ends[edge["target"]], str(edge["protocol"])): edge
        for edge in view["edges"]
        if (edge["error_ratio"] or 0) < 1
    }
    return edges


def test_the_same_name_in_two_clusters_is_two_nodes(scene: Recorded) -> None:
    assert set(drawn(scene)) == {
        (("east", "gateway"), ("east", "front"), "http"),
        (("east", "front"), ("east", "back"), "grpc"),
        (("east", "front"), ("west", "back"), "grpc"),
        (("east", "back"), ("east", "store"), "tcp"),
        (("west", "front"), ("west", "back"), "http"),
        (("west", "front"), ("east", "front"), "http"),
        (("west", "back"), ("east", "store"), "tcp"),
    }


def test_calls_across_have_true_rates(scene: Recorded) -> None:
    for ((cluster, source), (there, target), protocol), edge in drawn(scene).items():
        lines = [
            line
            for line in flow(
                scene.truth(), cluster=str(cluster), source=source, target=target
            ).lines
            if line["destination"] and line["destination"]["cluster"] == there
        ]
        (line,) = lines
        if protocol == "tcp":
            assert edge["sent_bps"] == bytes_near(line["sent_bytes"] / 60), edge["id"]
        else:
            assert edge["rps"] == near(line["requests"] / 60), edge["id"]
        assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}, edge["id"]


def test_the_way_across_takes_its_time(scene: Recorded) -> None:
    edges = drawn(scene)
    near_by = edges[("east", "gateway"), ("east", "front"), "http"]
    across = edges[("east", "front"), ("west", "back"), "grpc"]

    assert across["gap"] is not None
    assert near_by["gap"] is not None
    assert (across["gap"]["network_ms"] or 0) > 25 > (near_by["gap"]["network_ms"] or 0)


def test_what_did_not_get_across_is_an_error_of_its_caller(scene: Recorded) -> None:
    view = scene.view()
    clusters = {node["id"]: (node["cluster"], node["name"]) for node in view["nodes"]}
    lost = flow(scene.truth(), cluster="west", source="front", reached="no")
    failed = [
        row["rps"]
        for edge in view["edges"]
        if clusters[edge["source"]] == ("west", "front") and clusters[edge["target"]][1] == "front"
        for row in edge["responses"]
        if row["flags"] == "UF"
    ]

    assert sum(failed) == near(lost.rps)
