"""Every query of the dashboards is answered with data by a real Prometheus.

One Prometheus scrapes the simulated mesh, another one meshviz: a server that polls by itself, and
a worker and beat with a server of their own.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from graph.demo.process import Child
from graph.demo.prometheus import Job
from tests.crew import Crew, RedisServer
from tests.served import ROOT, Served
from tests.stack import PrometheusServer, Simulator, wait_until

pytestmark = pytest.mark.prometheus

FOLDER = ROOT / "deploy" / "grafana"
NAMES = ("meshviz", "mesh")
BOARDS: dict[str, dict[str, Any]] = {
    name: json.loads((FOLDER / f"{name}.json").read_text()) for name in NAMES
}
VARIABLE = re.compile(r"\$(\w+)")
KNOWN = {"__rate_interval": "30s"}


def panels(name: str) -> list[dict[str, Any]]:
    return [panel for panel in BOARDS[name]["panels"] if panel["type"] != "row"]


def queries(name: str) -> list[tuple[str, str]]:
    """Return the title and the expression of every query of a dashboard."""
    return [
        (panel["title"], target["expr"]) for panel in panels(name) for target in panel["targets"]
    ]


def filled(expression: str, chosen: str) -> str:
    """Return what Grafana sends when every variable is set to All."""
    return VARIABLE.sub(lambda found: KNOWN.get(found[1], chosen), expression)


def port_of(child: Child) -> int:
    pattern = re.compile(r"/metrics are at http://\S+:(\d+)/\.")
    wait_until(lambda: bool(pattern.search(child.log.read_text())), what="an address")
    found = pattern.search(child.log.read_text())
    assert found is not None
    return int(found[1])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PrometheusServer]]:
    """By dashboard, the Prometheus that knows what it is about."""
    folder: Path = tmp_path_factory.mktemp("dashboards")
    settings = {"operations_address": "127.0.0.1:0", "interval": "1s", "query_budget": "1"}
    with ExitStack() as stack:
        enter = stack.enter_context
        mesh = enter(Simulator("payments-503:full"))
        source = enter(PrometheusServer(mesh, folder / "mesh"))
        redis = enter(RedisServer(folder))
        served = enter(Served(source.url, **settings))
        crew = enter(Crew(source.url, redis, workers=1, **settings))
        other = enter(crew.serve())
        children = (served.process, other.process, crew.workers[0], crew.beat)
        jobs = (Job(name="meshviz", ports=tuple(map(port_of, children))),)
        own = enter(PrometheusServer(mesh, folder / "own", jobs=jobs))
        viewer = enter(served.watch())
        viewer.next("snapshot", "delta", state="ok")
        source.wait_for_samples(30)
        # Some of what is counted is failures.
        source.stop()
        viewer.next("status", state="stale")
        served.get("/api/v1/status")
        wait_until(lambda: bool(own.query("meshviz_ticks_failed_total")), what="a failed tick")
        source.start()
        viewer.next("snapshot", "delta", state="ok")
        yield {"mesh": source, "meshviz": own}


@pytest.mark.parametrize(
    ("name", "title", "expression"),
    [
        pytest.param(name, title, expression, id=f"{name}: {title} {number}")
        for name in NAMES
        for number, (title, expression) in enumerate(queries(name))
    ],
)
def test_query_is_answered_with_data(
    told: dict[str, PrometheusServer], name: str, title: str, expression: str
) -> None:
    query = filled(expression, ".*")

    assert "$" not in query
    wait_until(lambda: bool(numbers(told[name], query)), what=query)


def numbers(prometheus: PrometheusServer, query: str) -> list[float]:
    values = [float(one["value"][1]) for one in prometheus.query(query)]  # type: ignore[index]
    return [value for value in values if value == value]


@pytest.mark.parametrize("name", NAMES)
def test_variables_have_something_to_choose(told: dict[str, PrometheusServer], name: str) -> None:
    for variable in BOARDS[name]["templating"]["list"]:
        if variable["type"] == "datasource":
            continue
        found = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["definition"])
        assert found is not None
        answer = requests.get(
            f"{told[name].url}/api/v1/label/{found[2]}/values",
            params={"match[]": filled(found[1], ".*")},
            timeout=10,
        )
        assert answer.json()["data"], variable["name"]


@pytest.mark.parametrize("name", NAMES)
def test_dashboard_is_whole(name: str) -> None:
    board = BOARDS[name]
    ids = [panel["id"] for panel in board["panels"]]
    variables = {variable["name"] for variable in board["templating"]["list"]}

    assert len(set(ids)) == len(ids)
    assert board["uid"]
    assert board["schemaVersion"] >= 36
    assert variables >= {"datasource"}
    for panel in panels(name):
        assert panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"
        refs = [target["refId"] for target in panel["targets"]]
        assert len(set(refs)) == len(refs)
    used = {one for _, text in queries(name) for one in VARIABLE.findall(text)}
    assert used <= variables | KNOWN.keys()


@pytest.mark.parametrize("name", NAMES)
def test_panels_do_not_overlap(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARDS[name]["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
