"""The PromQL behind every number gives the number, on meshes of every kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.origins import Origins, origins
from graph.core.rules import DEFAULT, MeshRules
from graph.core.wire import GraphType, Snapshot
from graph.sources import Unavailable, explain
from tests.scenarios.cases import case
from tests.scenarios.recorded import Recorded
from tests.scenarios.test_ambient import MIXED, WAYPOINT
from tests.scenarios.test_clusters import CLUSTERS
from tests.scenarios.test_egress import EGRESS
from tests.scenarios.test_eras import ERAS, MIXER
from tests.scenarios.test_flags import FLAGS, OPERATIONS
from tests.scenarios.test_lasting import JOBS, STREAMS
from tests.scenarios.test_names import NASTIES, TENANTS

pytestmark = pytest.mark.prometheus

STEADY = case("steady", load=2)
_EDGES, _NODES = 12, 8
# What is shown above chance only, and a state with its share.
_OTHERS = ("gap.retried_rps", "mtls.ratio")
_FAMILIES = MeshRules(groups=("tenant-*",))


def looked(
    scene: Recorded, rules: MeshRules = DEFAULT, graph_type: GraphType = "workload", **how: Any
) -> tuple[Snapshot, Origins]:
    """Return the picture of a scene, and what is behind it."""
    feed = scene.feed(rules=rules)
    assert feed.readings is not None
    spec = ViewSpec(graph_type, scene.case.window_s, (), **how)
    state, _ = engine.render(None, feed, spec, "queries")
    return engine.snapshot(state, state.status), origins(feed.readings, spec.look)


def numbers(entity: object, prefix: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of an entity with its field's name."""
    if isinstance(entity, dict):
        for name, inner in entity.items():
            yield from numbers(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(entity, float) and prefix not in _OTHERS:
        yield prefix, entity


def odd_first(entities: Iterable[Any], most: int) -> list[Any]:
    """Return some entities: first those that a plain mesh does not have."""
    odd = {"destination": 2, "workload": 2, "waypoint": 1, "source": 1}
    ranked = sorted(entities, key=lambda e: odd.get(e.get("reporter") or e["kind"], 0))
    return ranked[:most]


class _Silent:
    """A source that does not count series."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def ask(self, promql: str, at: float | None = None) -> Any:
        raise Unavailable("not counted", "")


def differences(scene: Recorded, view: Snapshot, found: Origins) -> list[str]:
    """Return every number of the view that its queries do not give."""
    source = _Silent(scene.source)
    chosen: list[tuple[dict[str, Any], Any]] = [
        *(({"edge": e["id"], "node": None}, e) for e in odd_first(view["edges"], _EDGES)),
        *(({"edge": None, "node": n["id"]}, n) for n in odd_first(view["nodes"], _NODES)),
    ]
    told = [
        (entity["id"], dict(numbers(entity)), explain(source, view, found, **one)["queries"])
        for one, entity in chosen
    ]
    asked = {q["promql"] for _, shown, queries in told for q in queries if q["field"] in shown}
    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(asked, pool.map(answer_of(scene, view["at"]), asked), strict=True))
    return [
        f"{name} {field}: shown {value}, asked {[(answers[text], text) for text in texts]}"
        for name, shown, queries in told
        for field, value in shown.items()
        if (texts := [query["promql"] for query in queries if query["field"] == field]) or value
        if sum(answers[text] for text in texts) != pytest.approx(value, rel=0.01, abs=0.02)
    ]


def answer_of(scene: Recorded, at: float) -> Callable[[str], float]:
    """Return how to ask the scene's Prometheus for the sum of a query's answer."""

    def ask(promql: str) -> float:
        rows: list[dict[str, Any]] = scene.server.query(promql, at)
        return sum(float(row["value"][1]) for row in rows)

    return ask


def scenes(*names: str) -> list[Any]:
    """Return the scenes as parameters, each marked with its own."""
    return [pytest.param(marks=pytest.mark.scene(name), id=name) for name in names]


@pytest.mark.parametrize(
    (),
    scenes(WAYPOINT, MIXED, CLUSTERS, ERAS, MIXER, FLAGS, NASTIES, EGRESS, STREAMS, JOBS),
)
def test_every_number_is_what_its_queries_give(scene: Recorded) -> None:
    assert differences(scene, *looked(scene)) == []


@pytest.mark.scene(OPERATIONS)
def test_operations_leave_the_rest_to_itself(scene: Recorded) -> None:
    assert differences(scene, *looked(scene, operations=True)) == []


@pytest.mark.parametrize((), scenes(STEADY, CLUSTERS))
def test_collapsed_namespaces_are_asked_for_as_a_whole(scene: Recorded) -> None:
    everything, _ = looked(scene)
    ((name, many),) = Counter(node["namespace"] for node in everything["nodes"]).most_common(1)
    assert name is not None
    view, found = looked(scene, collapsed=(name,))
    kinds = [node["kind"] for node in view["nodes"] if node["namespace"] == name]
    assert set(kinds) == {"namespace"}
    assert len(kinds) < many
    assert differences(scene, view, found) == []


@pytest.mark.scene(TENANTS)
def test_families_are_asked_for_by_their_pattern(scene: Recorded) -> None:
    assert differences(scene, *looked(scene, _FAMILIES)) == []


@pytest.mark.scene(STEADY)
def test_strangers_are_left_out_of_a_namespace(scene: Recorded) -> None:
    assert differences(scene, *looked(scene, graph_type="namespace")) == []
