"""A real Prometheus is killed and started again under a real server, without a reload."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.served import Served
from tests.stack import PrometheusServer, Simulator, wait_until

pytestmark = pytest.mark.prometheus


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    folder: Path = tmp_path_factory.mktemp("outage")
    with Simulator("steady") as mesh, PrometheusServer(mesh, folder) as server:
        server.wait_for_samples(5)
        yield server


@pytest.fixture(scope="module")
def served(prometheus: PrometheusServer) -> Iterator[Served]:
    settings = {"windows": "10s,1m", "window": "10s", "interval": "1s", "query_timeout": "3s"}
    with Served(prometheus.url, **settings) as server:
        wait_until(lambda: bool(server.graph()["edges"]), what="a graph")
        yield server


def test_killed_prometheus_leaves_the_graph_and_comes_back_without_a_reload(
    served: Served, prometheus: PrometheusServer
) -> None:
    with served.watch() as viewer:
        first = viewer.next("snapshot")
        prometheus.kill()
        stale = viewer.next("status", state="stale", reason="unreachable")
        older = viewer.next("status", state="stale")
        rest = served.graph()
        prometheus.restart()
        healed = viewer.next("delta", state="ok")

    assert older["source"]["age_s"] > stale["source"]["age_s"]
    assert "refused" in stale["source"]["detail"]
    assert rest["source"]["state"] == "stale"
    assert {edge["id"] for edge in rest["edges"]} >= {edge["id"] for edge in first["edges"]}
    assert healed["epoch"] == first["epoch"]


def test_bookinfo_is_drawn_from_a_real_prometheus(served: Served) -> None:
    wait_until(lambda: served.graph()["source"]["state"] == "ok", what="an answer")
    graph = served.graph("type=app&namespace=bookinfo&window=1m")

    names = {node["name"] for node in graph["nodes"]}
    assert {"productpage", "reviews", "ratings", "details"} <= names
    assert graph["source"]["scrape_interval_s"] == 1.0


def test_past_can_be_asked_of_a_real_prometheus(served: Served) -> None:
    wait_until(lambda: served.graph()["source"]["state"] == "ok", what="an answer")
    live = served.graph()
    at = int(live["at"]) - 2

    past = served.graph(f"at={at}")

    assert past["at"] == at
    assert {node["id"] for node in past["nodes"]} & {node["id"] for node in live["nodes"]}


def test_number_on_an_edge_is_the_number_of_its_query(
    served: Served, prometheus: PrometheusServer
) -> None:
    wait_until(lambda: served.graph()["source"]["state"] == "ok", what="an answer")
    edge, answer = _edge_and_queries_of_one_tick(served)
    asked = [query for query in answer["queries"] if query["field"] == "rps"]
    rows = [row for query in asked for row in prometheus.query(query["promql"], at=answer["at"])]

    # Three significant digits.
    total = sum(float(row["value"][1]) for row in rows)  # type: ignore[index]
    assert total == pytest.approx(edge["rps"], rel=0.005)


def _edge_and_queries_of_one_tick(served: Served) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the busiest edge and the queries behind it, both of the same moment."""
    found = []

    def same_moment() -> bool:
        graph = served.graph("type=workload")
        edge = max(graph["edges"], key=lambda edge: edge["rps"] or 0)
        answer = served.get("/api/v1/queries", params={"edge": edge["id"]}).json()
        found[:] = [edge, answer]
        return bool(answer["at"] == graph["at"])

    wait_until(same_moment, what="two answers within one tick")
    return found[0], found[1]
