"""Quiet days: every edge, in every graph type, says what really flowed."""

import pytest

from graph.core.wire import GraphType
from tests.scenarios.cases import case
from tests.scenarios.recorded import Recorded
from tests.truth import compare

# More load than the demo's keeps chance well below the tolerance.
BOOKINFO = case("bookinfo", load=4)
MOVIES = case("movies", load=2)
BOUTIQUE = case("boutique", load=4)

GRAPH_TYPES: tuple[GraphType, ...] = ("workload", "app", "versioned_app", "service", "namespace")


@pytest.mark.parametrize("graph_type", GRAPH_TYPES)
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.scene(name)) for name in (BOOKINFO, MOVIES, BOUTIQUE)],
)
def test_a_quiet_day_is_true(scene: Recorded, name: str, graph_type: GraphType) -> None:
    compare.check_all(scene.view(graph_type), scene.truth(), graph_type)
