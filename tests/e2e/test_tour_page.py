"""docs/tour.md is true: a newcomer's three questions, each answered in less than five clicks."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.docs.papers import ROOT
from tests.e2e.conftest import SETTINGS, OpenView
from tests.e2e.walks import WALKS, Walk
from tests.served import Served
from tests.stack import PrometheusServer, Simulator, wait_until

MOST_CLICKS = 4
WINDOW_S = 16
PAGE = (ROOT / "docs" / "tour.md").read_text()
IDS = [walk.scenario for walk in WALKS]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Serve the mesh of every question; their windows fill at the same time."""
    with ExitStack() as stack:
        enter = stack.enter_context
        meshes = {walk.scenario: enter(Simulator(walk.scenario)) for walk in WALKS}
        sources = {
            name: enter(PrometheusServer(mesh, tmp_path_factory.mktemp(name)))
            for name, mesh in meshes.items()
        }
        for source in sources.values():
            source.wait_for_samples(WINDOW_S)
        served = {name: enter(Served(source.url, **SETTINGS)) for name, source in sources.items()}
        for server in served.values():
            wait_until(lambda server=server: len(server.graph()["edges"]) > 30, what="the graph")  # type: ignore[misc]
        yield served


@pytest.mark.parametrize("walk", WALKS, ids=IDS)
def test_question_is_answered_by_the_clicks(
    walk: Walk, open_view: OpenView, servers: dict[str, Served]
) -> None:
    view = open_view(servers[walk.scenario], reduced_motion="reduce").open()

    for click in walk.clicks:
        click.click(view)
        click.seen(view)

    assert len(walk.clicks) <= MOST_CLICKS


@pytest.mark.parametrize("walk", WALKS, ids=IDS)
def test_page_has_the_clicks_in_this_order_with_their_pictures(walk: Walk) -> None:
    _, heading, text = PAGE.partition(f"## {walk.question}\n")
    part = text.partition("\n## ")[0]
    assert heading
    assert walk.scenario in part
    for number, click in enumerate(walk.clicks, 1):
        for line in (f"\n{number}. {click.says}", f"(images/tour/{click.picture}.png)"):
            assert line in part, f"{line!r} does not come next"
            part = part.partition(line)[2]
