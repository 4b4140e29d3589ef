"""Charts where workers poll: the process that is asked asks Prometheus itself, and knows how."""

from urllib.parse import quote

import pytest

from tests.crew import Crew
from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until

pytestmark = [pytest.mark.usefixtures("healthy"), pytest.mark.alone]

Servers = tuple[Served, Served]


def an_edge(server: Served, target: str = "reviews-v1") -> str:
    """Return an edge's id for an address."""
    edges = server.graph()["edges"]
    found = next(edge["id"] for edge in edges if edge["target"].endswith(target))
    return quote(found, safe="")


def test_every_server_tells_the_same_history(servers: Servers) -> None:
    edge = an_edge(servers[0])
    end = int(servers[0].graph()["at"]) - 600
    query = f"/api/v1/history?edge={edge}&range=10m&end={end}"

    one, two = (server.get(query).json() for server in servers)

    assert one == two
    assert {line["field"] for line in one["series"]} >= {"rps"}


def test_now_is_about_what_workers_saved_and_as_fine_as_scrapes_are(servers: Servers) -> None:
    address = f"/api/v1/history?edge={an_edge(servers[0])}&range=15m&fields=rps"

    answer = servers[0].get(address).json()

    assert any(line["field"] == "rps" for line in answer["series"])
    assert answer["step_s"] == 5


def test_distribution_comes_from_what_workers_saved(servers: Servers) -> None:
    def sides() -> list[object]:
        edges = servers[1].graph()["edges"]
        edge = next(edge["id"] for edge in edges if edge["target"].endswith("reviews-v1"))
        found: list[object] = (
            servers[1].get(f"/api/v1/distribution?edge={quote(edge, safe='')}").json()["sides"]
        )
        return found

    wait_until(lambda: len(sides()) == 1, what="the slow lane")


def test_history_is_unavailable_when_prometheus_is(
    servers: Servers, prometheus: FaultServer
) -> None:
    prometheus.fault = "refuse"

    answer = servers[0].get("/api/v1/history?range=3h")

    assert answer.status_code == 503
    assert answer.json()["source"]["reason"] == "unreachable"


def test_queries_are_written_as_the_mesh_wants_them(crew: Crew) -> None:
    with crew.serve() as newcomer:
        address = f"/api/v1/queries?edge={an_edge(newcomer)}"
        queries = newcomer.get(address).json()["queries"]

    # First appearances, which a source only asks for once it has seen that it can.
    assert any("unless" in query["promql"] for query in queries if query["field"] == "rps")
