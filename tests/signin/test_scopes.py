"""Every address of the API and the socket, asked by every role about every entity that there is:
who may see some namespaces reads no word of the others."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from websocket import WebSocket

from graph.demo.prometheus import Job
from tests.served import PATIENCE_S, Served, Watcher
from tests.stack import PrometheusServer, Simulator, wait_until

ACCESS = """
groups:
  shop: {role: viewer, namespaces: [bookinfo]}
  shop-editors: {role: editor, namespaces: ["book*"]}
  nothing: {role: viewer, namespaces: []}
  platform: {role: admin, namespaces: ["*"]}
  all-viewers: {role: viewer, namespaces: ["*"]}
"""
# Who asks, by group; whether a permit limits them.
LIMITED = {"shop": True, "shop-editors": True, "nothing": True, "all-viewers": False}
TYPES = ("workload", "app", "versioned_app", "service", "namespace")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("scopes")
    access = folder / "access.yaml"
    access.write_text(ACCESS)
    settings = {
        "sign_in": "proxy",
        "trusted_proxies": "127.0.0.1",
        "access_file": str(access),
        "database_url": f"sqlite:///{folder}/mesh.sqlite3",
        "interval": "1s",
        "query_budget": "1",
        "windows": "15s,1m",
        "window": "15s",
    }
    # As the Prometheus operator names what it scrapes, and scraped twice over, which it warns of.
    jobs = [Job(f"podMonitor/{name}/envoy/0") for name in ("bookinfo", "boutique")]
    with Simulator() as mesh, PrometheusServer(mesh, folder, jobs=jobs) as prometheus:
        prometheus.wait_for_samples(20)
        with Served(prometheus.url, **settings) as server:
            wait_until(lambda: len(graph(server, "platform")["nodes"]) > 20)
            yield server


def by_proxy(group: str) -> dict[str, str]:
    return {"X-Forwarded-User": f"one-of-{group}", "X-Forwarded-Groups": f"staff, {group}"}


def ask(served: Served, group: str, path: str, **query: Any) -> requests.Response:
    text = urlencode({k: v for k, v in query.items() if v is not None}, doseq=True)
    return served.get(f"{path}?{text}", headers=by_proxy(group))


def graph(served: Served, group: str, **query: Any) -> dict[str, Any]:
    answer = ask(served, group, "/api/v1/graph", **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def watched(served: Served, group: str, query: str = "") -> Watcher:
    socket = WebSocket()
    socket.settimeout(PATIENCE_S)
    headers = [f"{name}: {value}" for name, value in by_proxy(group).items()]
    url = f"ws://127.0.0.1:{served.port}/ws/graph?{query}"
    socket.connect(url, header=headers, suppress_origin=True)
    return Watcher(socket)


@pytest.fixture(scope="module")
def secrets(served: Served) -> re.Pattern[str]:
    """Return what finds any word of the namespaces that are hidden from the shop."""
    inside, outside = set(), set()
    for kind in TYPES:
        for node in graph(served, "platform", type=kind)["nodes"]:
            words = {node[f] for f in ("name", "namespace", "workload", "app", "service")} - {None}
            for principal in node["principals"]:
                words.add(principal.rpartition("/")[2])
            is_open = node["namespace"] in ("bookinfo", None)
            (inside if is_open else outside).update(words)
    hidden = {word for word in outside - inside if len(word) > 3}
    assert {"boutique", "smm-demo", "checkoutservice"} <= hidden
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(hidden)))})(?![\w-])")


def hidden_ids(served: Served) -> tuple[list[str], list[str]]:
    """Return ids of nodes and edges that only those see who see all."""
    whole, part = graph(served, "platform"), graph(served, "shop")
    return tuple(  # type: ignore[return-value]
        [one["id"] for one in whole[kind] if one["id"] not in {o["id"] for o in part[kind]}]
        for kind in ("nodes", "edges")
    )


def every_request(served: Served, group: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every address with every kind of question that can be asked there."""
    mine = graph(served, group)
    nodes, edges = hidden_ids(served)
    targets = [
        *({"node": node["id"]} for node in mine["nodes"]),
        *({"edge": edge["id"]} for edge in mine["edges"]),
        *({"node": name} for name in nodes[:3]),
        *({"edge": name} for name in edges[:3]),
    ]
    for kind in TYPES:
        for options in (
            {},
            {"idle": "true", "waypoints": "true", "operations": "true"},
            {"namespace": "boutique"},
            {"namespace": ["bookinfo", "boutique"], "collapse": ["bookinfo", "boutique"]},
            {"perspective": "client"},
            {"window": "1m"},
            {"at": mine["at"] - 2 if mine["at"] else None},
        ):
            yield "/api/v1/graph", {"type": kind, **options}
    for target in targets:
        yield "/api/v1/queries", target
        yield "/api/v1/distribution", target
    for target in targets[:: max(1, len(targets) // 8)]:
        yield "/api/v1/history", {**target, "range": "5m", "by": "version"}
    for options in ({}, {"in_namespace": "bookinfo"}, {"in_namespace": "boutique"}):
        yield "/api/v1/history", {**options, "range": "5m", "fields": "rps"}
    for path in ("status", "doctor", "me", "saved-views", "saved-views/1"):
        yield f"/api/v1/{path}", {}
    yield "/api/schema", {}
    yield "/api/docs", {}


def asked_for(path: str) -> str:
    return re.sub(r"/\d+$", "/{number}", path)


@pytest.mark.prometheus
@pytest.mark.parametrize("group", LIMITED)
def test_no_answer_has_a_word_of_what_is_hidden(
    served: Served, secrets: re.Pattern[str], group: str
) -> None:
    statuses: dict[str, set[int]] = {}
    for path, query in every_request(served, group):
        answer = ask(served, group, path, **query)
        statuses.setdefault(asked_for(path), set()).add(answer.status_code)
        told = answer.text
        if path == "/api/v1/graph":
            # What was asked for is repeated, and tells nobody anything new.
            told = re.sub(r'"(scope|collapsed)":\[[^]]*\]', "", told)
            told = told.replace("inside boutique in the last", "")
        # Documents are the same for every mesh, and may use a word that is a name in this one.
        is_about_mesh = path not in ("/api/schema", "/api/docs")
        found = secrets.search(told) if LIMITED[group] and is_about_mesh else None
        assert found is None, (path, query, told[max(0, found.start() - 200) : found.end() + 50])

    assert statuses["/api/v1/graph"] == {200}
    assert statuses["/api/v1/doctor"] == ({403} if LIMITED[group] else {200})
    for path in ("queries", "history", "distribution"):
        assert statuses[f"/api/v1/{path}"] <= {200, 404}
        assert 200 in statuses[f"/api/v1/{path}"] or group == "nothing"
    assert all(status < 500 for seen in statuses.values() for status in seen), statuses
    known = set(served.get("/api/schema", headers=by_proxy(group)).json()["paths"])
    assert known <= statuses.keys(), "an address that this test does not ask"


@pytest.mark.prometheus
@pytest.mark.parametrize("group", LIMITED)
def test_no_frame_has_a_word_of_what_is_hidden(
    served: Served, secrets: re.Pattern[str], group: str
) -> None:
    with watched(served, group, "type=workload") as watcher:
        texts = [watcher.text(), watcher.text(), watcher.text()]
        for kind in TYPES:
            watcher.send(
                {
                    "type": "view",
                    "graph_type": kind,
                    "window": "15s",
                    "namespaces": [],
                    "idle": True,
                }
            )
            texts.append(json.dumps(watcher.next("snapshot")))
            texts.append(watcher.text())
        watcher.send({"type": "view", "graph_type": "app", "window": "15s", "namespaces": ["zzz"]})
        texts.append(json.dumps(watcher.next("snapshot")))
        watcher.send({"type": "view", "graph_type": "app", "window": "15s", "namespaces": [3]})
        texts.append(json.dumps(watcher.next("error")))

    found = [match[0] for text in texts if (match := secrets.search(text))]
    assert bool(found) != LIMITED[group], found


@pytest.mark.prometheus
def test_socket_and_rest_show_the_same_part(served: Served) -> None:
    with watched(served, "shop") as watcher:
        frame = watcher.next("snapshot")

    part = graph(served, "shop")
    assert {n["id"] for n in frame["nodes"]} == {n["id"] for n in part["nodes"]}
    assert frame["namespaces"] == part["namespaces"] == ["bookinfo"]
    kinds = {node["id"]: node["kind"] for node in part["nodes"]}
    assert kinds["z/callers"] == "outside"  # the ingress gateway
    assert "z/callees" not in kinds  # bookinfo calls nobody else


@pytest.mark.prometheus
def test_what_is_inside_has_the_numbers_that_everybody_sees(served: Served) -> None:
    """Two looks at the same second, one by each."""
    at = graph(served, "platform")["at"] - 3
    whole, part = (graph(served, group, at=at) for group in ("platform", "shop"))

    edges = {edge["id"]: edge for edge in whole["edges"]}
    same = [edge for edge in part["edges"] if "z/" not in edge["id"]]
    assert len(same) > 5
    for edge in same:
        assert edge == edges[edge["id"]]
    entering = [
        edge
        for edge in whole["edges"]
        if "/bookinfo/" in edge["target"]
        and edge["source"].startswith("w/")
        and "/bookinfo/" not in edge["source"]
    ]
    (outside,) = (edge for edge in part["edges"] if edge["source"] == "z/callers")
    assert outside["rps"] == pytest.approx(sum(edge["rps"] for edge in entering), rel=0.01)


@pytest.mark.prometheus
def test_queries_inside_are_told_and_those_across_the_border_are_not(served: Served) -> None:
    part = graph(served, "shop")
    across = next(edge["id"] for edge in part["edges"] if edge["source"] == "z/callers")
    inside = next(edge["id"] for edge in part["edges"] if "z/" not in edge["id"])

    told = ask(served, "shop", "/api/v1/queries", edge=inside).json()["queries"]
    untold = ask(served, "shop", "/api/v1/queries", edge=across).json()["queries"]

    assert told
    assert all("bookinfo" in query["promql"] and query["url"] for query in told)
    assert untold
    assert all(query["promql"].startswith("# not told") for query in untold)
    assert all(query["url"] is None for query in untold)
    chart = ask(served, "shop", "/api/v1/history", edge=across, range="5m", fields="rps").json()
    assert any(value for line in chart["series"] for value in line["values"])
    assert {line["promql"][:10] for line in chart["series"]} == {"# not told"}


@pytest.mark.prometheus
def test_who_sees_the_same_shares_what_is_drawn(served: Served) -> None:
    def views() -> int:
        feeds = ask(served, "platform", "/api/v1/status").json()["feeds"]
        return sum(feed["views"] for feed in feeds)

    with watched(served, "shop") as one:
        first = one.next("snapshot")
        before = views()
        with watched(served, "shop") as other:
            second = other.next("snapshot")

            # Others are left behind by tests before this one, and forgotten at any tick.
            assert views() <= before
    assert first["epoch"] == second["epoch"]
    assert len(first["nodes"]) == len(second["nodes"]) > 0


@pytest.mark.prometheus
def test_everybody_is_told_what_they_may(served: Served) -> None:
    me = {group: ask(served, group, "/api/v1/me").json() for group in (*LIMITED, "platform")}

    assert {group: (one["role"], one["namespaces"]) for group, one in me.items()} == {
        "shop": ("viewer", [["bookinfo"]]),
        "shop-editors": ("editor", [["book*"]]),
        "nothing": ("viewer", [[]]),
        "all-viewers": ("viewer", None),
        "platform": ("admin", None),
    }
    assert graph(served, "nothing")["source"]["reason"] == "not_permitted"
