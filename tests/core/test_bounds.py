"""A picture that is too large is drawn as its namespaces; the change is one whole frame."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from graph.core import engine, topology
from graph.core.bounds import Limits
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.frame import apply
from graph.core.picture import Picture
from graph.core.samples import Sample
from graph.core.saving import restored_view
from graph.core.wire import Delta, GraphType, Perspective, Snapshot, Status
from tests.core.meshes import Call, absorbed, answers, looks, meshes
from tests.make import AT, feed, request

ALL = ViewSpec("workload", 60, ())
# Ten pairs make twenty nodes and ten edges.
LIMITS = Limits(nodes=20, edges=10)


def pairs(count: int, namespace: str = "shop") -> list[Sample]:
    return [
        request(
            1.0 + i,
            source=f"web{i}-v1",
            target=f"cart{i}-v1",
            namespace=namespace,
            destination_workload_namespace="bank",
            destination_service_namespace="bank",
        )
        for i in range(count)
    ]


def mesh(count: int, tick: int = 0) -> FeedState:
    return feed(AT + 5 * tick, requests=pairs(count))


def drawn(
    count: int,
    spec: ViewSpec = ALL,
    limits: Limits | None = LIMITS,
    before: ViewState | None = None,
    tick: int = 0,
) -> tuple[ViewState, Snapshot | Delta | Status]:
    return engine.render(before, mesh(count, tick), spec, "epoch", limits)


def test_a_picture_as_large_as_its_limit_is_drawn() -> None:
    state, frame = drawn(10)

    assert frame["type"] == "snapshot"
    assert (frame["graph_type"], frame["overview"]) == ("workload", None)
    assert len(state.picture.edges) == 10


@pytest.mark.parametrize(
    ("nodes", "edges", "share", "held"),
    [
        (20, 10, 1.0, True),
        (21, 10, 1.0, False),
        (20, 11, 1.0, False),
        (10, 5, 0.5, True),
        (11, 5, 0.5, False),
        (10, 6, 0.5, False),
    ],
)
def test_limits_hold_a_share_of_themselves(
    nodes: int, edges: int, share: float, held: bool
) -> None:
    assert LIMITS.holds(nodes, edges, share) is held
    assert LIMITS.holds(20, 10)
    assert not LIMITS.holds(21, 10)


@pytest.mark.parametrize(
    "limits", [Limits(nodes=19, edges=100), Limits(nodes=100, edges=9)], ids=["nodes", "edges"]
)
@pytest.mark.parametrize("graph_type", ["workload", "app", "versioned_app", "service"])
def test_a_larger_one_is_drawn_as_its_namespaces_and_says_why(
    limits: Limits, graph_type: GraphType
) -> None:
    spec = replace(ALL, graph_type=graph_type)
    _, frame = drawn(10, spec, limits)

    assert frame["type"] == "snapshot"
    assert frame["graph_type"] == "namespace"
    assert frame["overview"] == {
        "asked": graph_type,
        "nodes": 20,
        "edges": 10,
        "most_nodes": limits.nodes,
        "most_edges": limits.edges,
    }
    assert [node["name"] for node in frame["nodes"]] == ["bank", "shop"]
    assert [edge["rps"] for edge in frame["edges"]] == [55.0]


def test_namespaces_themselves_are_never_cut() -> None:
    _, frame = drawn(10, replace(ALL, graph_type="namespace"), Limits(nodes=1, edges=0))

    assert frame["type"] == "snapshot"
    assert (frame["overview"], len(frame["nodes"])) == (None, 2)


def test_without_limits_everything_is_drawn() -> None:
    state, _ = drawn(50, limits=None)

    assert len(state.picture.edges) == 50


def test_one_namespace_that_is_too_large_by_itself_is_drawn_with_its_neighbours() -> None:
    _, frame = drawn(11, replace(ALL, namespaces=("bank",)))

    assert frame["type"] == "snapshot"
    assert frame["scope"] == ["bank"]
    assert [(node["name"], node["outside"]) for node in frame["nodes"]] == [
        ("bank", False),
        ("shop", True),
    ]


def test_growing_past_the_limit_is_a_whole_picture_with_the_next_number() -> None:
    state, first = drawn(10)
    state, frame = drawn(11, before=state, tick=1)

    assert first["type"] == frame["type"] == "snapshot"
    assert (frame["seq"], frame["epoch"], frame["graph_type"]) == (2, "epoch", "namespace")
    assert apply(Picture(), frame) == state.picture

    state, frame = drawn(11, before=state, tick=2)
    assert frame["type"] == "delta"
    assert frame["seq"] == 3


def test_a_picture_on_the_limit_does_not_flip() -> None:
    state, _ = drawn(11)
    state, frame = drawn(10, before=state, tick=1)
    assert frame["type"] == "delta"

    state, frame = drawn(9, before=state, tick=2)
    assert frame["type"] == "snapshot"
    assert (frame["seq"], frame["graph_type"], frame["overview"]) == (3, "workload", None)
    assert len(frame["edges"]) == 9

    state, frame = drawn(10, before=state, tick=3)
    assert frame["type"] == "delta"


def test_sizes_are_told_anew_when_they_are_a_tenth_off() -> None:
    state, _ = drawn(100)
    state, frame = drawn(109, before=state, tick=1)
    assert frame["type"] == "delta"
    assert state.overview is not None
    assert state.overview["edges"] == 100

    state, frame = drawn(111, before=state, tick=2)
    assert frame["type"] == "snapshot"
    assert state.overview is not None
    assert state.overview["edges"] == 111


def test_other_limits_are_told_at_once() -> None:
    state, _ = drawn(100)
    state, frame = drawn(100, before=state, tick=1, limits=Limits(30, 30))

    assert frame["type"] == "snapshot"
    assert state.overview is not None
    assert state.overview["most_edges"] == 30


def test_an_overview_goes_on_in_another_process() -> None:
    state, frame = drawn(11)
    assert frame["type"] == "snapshot"

    back = restored_view(frame, ALL, state.slow_at)

    assert back == state
    assert drawn(10, before=back, tick=1) == drawn(10, before=state, tick=1)


@settings(max_examples=200)
@given(meshes, looks)
def test_size_is_told_without_drawing(mesh: list[Call], look: ViewSpec) -> None:
    read = absorbed(answers(mesh)).readings
    assert read is not None
    graph = topology.build(read, look.look)

    assert topology.size(read, look.look) == (graph.number_of_nodes(), graph.number_of_edges())


LOST = {"response_code": "503", "response_flags": "UF"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # What never reached the server makes an edge of its own accord.
        ([request(0.0), request(2.0, reporter="source", **LOST)], (2, 1)),
        ([request(0.0), request(0.0, reporter="source", **LOST)], (0, 0)),
        ([request(1.0), request(2.0, reporter="source", **LOST)], (2, 1)),
        ([request(0.0), request(2.0, reporter="source")], (2, 1)),
        ([request(2.0, reporter="source")], (2, 1)),
        # Another version of the server is busy, this one is not, whatever its callers say.
        (
            [
                request(1.0, target="cart-v2"),
                request(0.0, target="cart-v1"),
                request(0.0, target="cart-v1", reporter="source"),
            ],
            (2, 1),
        ),
    ],
)
@pytest.mark.parametrize("perspective", ["auto", "server", "client"])
def test_size_knows_who_makes_an_edge(
    told: list[Sample], expected: tuple[int, int], perspective: Perspective
) -> None:
    state = feed(requests=told)
    assert state.readings is not None
    look = replace(ALL, perspective=perspective).look
    graph = topology.build(state.readings, look)

    size = topology.size(state.readings, look)
    assert size == (graph.number_of_nodes(), graph.number_of_edges())
    assert perspective != "auto" or size == expected


def test_bytes_that_came_later_than_the_requests_make_an_edge_too() -> None:
    # The slow lane is older: the fast one has seen the requests end since.
    silent = feed(requests=[request(0.0)], response_bytes=[request(100.0)])
    moving = feed(requests=[request(0.0)], request_bytes=[request(100.0)])
    still = feed(requests=[request(0.0)], request_bytes=[request(0.0)])

    for state, expected in ((silent, (2, 1)), (moving, (2, 1)), (still, (0, 0))):
        assert state.readings is not None
        graph = topology.build(state.readings, ALL.look)
        assert topology.size(state.readings, ALL.look) == expected
        assert (graph.number_of_nodes(), graph.number_of_edges()) == expected
