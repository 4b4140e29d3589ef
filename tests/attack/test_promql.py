"""Whatever a name or a parameter holds, it stays text in the queries that Prometheus is asked."""

from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from graph.core.samples import Sample
from graph.sources.naming import quote as quoted
from tests.attack.conftest import SETTINGS
from tests.attack.promql import skeleton, strings
from tests.attack.raw import calm
from tests.faultserver import FaultServer
from tests.make import request
from tests.served import Served
from tests.stack import PrometheusServer, wait_until

# Were it ever read as PromQL, it would ask for this.
PREY = "prey_total"
HOSTILE = (
    '"} or prey_total{zzz="',
    "'} or prey_total{zzz='",
    "`} or prey_total{zzz=`",
    '\\"} or prey_total{zzz=\\"',
    '\\\\"} or prey_total #',
    "a|prey_total",
    ".*|prey_total.*",
    "(?i:.*)prey_total",
    "\n} or prey_total #",
    '\\n" or prey_total',
    "$__range prey_total",
    '\u2028prey_total\u202e"}',
    "%22%7D%20or%20prey_total",
    "{{prey_total}}",
)


def _hostile(name: str) -> list[Sample]:
    """Return what a workload with this name in all its labels would make its proxies say."""
    odd = {
        "source_workload": name,
        "source_canonical_service": name,
        "source_canonical_revision": name,
        "source_workload_namespace": name,
        "source_principal": name,
        "source_cluster": name,
        "destination_service": name,
        "destination_service_name": name,
        "destination_service_namespace": name,
        "destination_principal": name,
        "response_flags": name,
        "request_operation": name,
    }
    away = {
        "destination_workload": name,
        "destination_workload_namespace": name,
        "destination_canonical_service": name,
        "destination_canonical_revision": name,
        "destination_cluster": name,
        "response_code": name,
    }
    return [request(3.0, **odd), request(4.0, **away), request(4.0, **away, reporter="source")]


@pytest.fixture(scope="module")
def hostile() -> Iterator[FaultServer]:
    with FaultServer(more=list(chain.from_iterable(map(_hostile, HOSTILE)))) as server:
        yield server


@pytest.fixture(scope="module")
def mesh(hostile: FaultServer) -> Iterator[Served]:
    settings = SETTINGS | {"query_seconds": "10000", "query_seconds_per_user": "10000"}
    with Served(hostile.url, **settings) as server:
        wait_until(lambda: len(server.graph()["edges"]) > len(HOSTILE), what="the hostile mesh")
        yield server


def _assert_tame(hostile: FaultServer) -> None:
    queries = list(hostile.queries)
    assert queries
    for query in queries:
        bare = skeleton(query)
        assert PREY not in bare, query
        assert not set(bare) & set("#'`\\\n$%|\u2028\u202e"), query
        assert bare.count('"') % 2 == 0, query
        assert bare.count("{") == bare.count("}"), query


@pytest.mark.parametrize("kind", ["workload", "versioned_app", "service", "namespace"])
def test_names_of_workloads_stay_text(mesh: Served, hostile: FaultServer, kind: str) -> None:
    graph = mesh.graph(f"type={kind}&idle=true&operations=true")
    hostile.queries.clear()
    view = f"type={kind}&idle=true&operations=true"
    nodes = [node for node in graph["nodes"] if PREY in str(node)]
    edges = [edge for edge in graph["edges"] if PREY in str(edge)]
    assert nodes or kind == "namespace"
    with calm(mesh):
        for thing, found in (("node", nodes[::9]), ("edge", edges[::9])):
            for one in found:
                it = f"{view}&{thing}={quote(one['id'], safe='')}"
                assert mesh.get(f"/api/v1/queries?{it}").status_code == 200
                assert mesh.get(f"/api/v1/history?{it}&by=version").status_code == 200
                assert mesh.get(f"/api/v1/distribution?{it}").status_code == 200

    told = {text for query in hostile.queries for text in strings(query)}
    assert any(PREY in text for text in told)
    _assert_tame(hostile)


@pytest.mark.parametrize("name", HOSTILE)
def test_parameters_stay_text(mesh: Served, hostile: FaultServer, name: str) -> None:
    given_ = quote(name, safe="")
    hostile.queries.clear()
    with calm(mesh):
        for query in (
            f"graph?namespace={given_}",
            f"graph?collapse={given_}&type=app",
            f"graph?at={given_}",
            f"graph?window={given_}",
            f"graph?{given_}=1",
            f"history?in_namespace={given_}",
            f"history?node={given_}",
            f"history?edge={given_}",
            f"history?step={given_}",
            f"history?range={given_}",
            f"history?fields={given_}",
            f"history?end={given_}",
            f"history?in_namespace={given_}&collapse={given_}",
            f"queries?node={given_}",
            f"queries?edge={given_}&namespace={given_}",
            f"distribution?node={given_}",
        ):
            assert mesh.get(f"/api/v1/{query}").status_code in (200, 400, 404)
        with mesh.watch(f"namespace={given_}&collapse={given_}") as viewer:
            viewer.next("snapshot")
            viewer.send(
                {
                    "type": "view",
                    "graph_type": "app",
                    "window": "1m",
                    "namespaces": [name],
                    "collapsed": [name],
                }
            )
            viewer.next("snapshot")

    wait_until(lambda: len(hostile.queries) > 0, what="a tick")
    _assert_tame(hostile)


def test_windows_come_from_a_list(mesh: Served) -> None:
    for window in ("2m", "1m]) or prey_total", "1m\n", "01m", "60", "1M"):
        assert mesh.get(f"/api/v1/graph?window={quote(window)}").status_code == 400


@given(st.text(max_size=60))
def test_quoted_text_is_read_as_the_same_text(text: str) -> None:
    query = f"up{{a={quoted(text)}}}"

    assert skeleton(query) == 'up{a=""}'
    # What cannot be written in UTF-8 is nothing that Prometheus could have told.
    assert strings(query) == [text]


@pytest.mark.prometheus
def test_real_prometheus_takes_every_query_that_hostile_names_led_to(
    mesh: Served, hostile: FaultServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edge = next(one for one in mesh.graph()["edges"] if PREY in str(one))
    assert mesh.get(f"/api/v1/history?edge={quote(edge['id'], safe='')}").status_code == 200
    queries = sorted(set(hostile.queries), key=len)

    with PrometheusServer(hostile.port, tmp_path_factory.mktemp("real")) as prometheus:
        for query in queries[:: max(1, len(queries) // 100)]:
            answer = requests.post(
                f"{prometheus.url}/api/v1/format_query", data={"query": query}, timeout=30
            )
            assert answer.status_code == 200, (query, answer.text)
            assert PREY not in skeleton(answer.json()["data"])
