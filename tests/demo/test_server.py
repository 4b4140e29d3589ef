"""The simulator as a process: targets, pages and the truth over HTTP."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from graph.demo.prometheus import ROOT
from graph.demo.targets import MAX_SINGLE_TARGETS, PODS_PER_MERGED_TARGET
from tests.demo.meshes import parse
from tests.stack import Simulator, wait_until


@pytest.fixture(scope="module")
def mesh() -> Iterator[Simulator]:
    with Simulator(load=3) as simulator:
        wait_until(lambda: simulator.now()["act_s"] > 6)
        yield simulator


def _get(mesh: Simulator, path: str, **headers: str) -> requests.Response:
    return requests.get(mesh.url + path, headers=headers, timeout=10)


def _targets(mesh: Simulator) -> list[dict[str, str]]:
    return [target["labels"] for target in _get(mesh, "/sd").json()]


def test_targets_carry_what_kubernetes_discovery_would_add(mesh: Simulator) -> None:
    answer = _get(mesh, "/sd")
    by_app = {target["labels"]["app"]: target for target in answer.json()}
    reviews = by_app["reviews"]

    assert answer.headers["Content-Type"] == "application/json"
    assert reviews["targets"] == [f"127.0.0.1:{mesh.port}"]
    assert set(reviews["labels"]) == {
        *("__metrics_path__", "namespace", "pod", "node", "instance", "app", "version"),
        *("pod_template_hash", "security_istio_io_tlsMode"),
        *("service_istio_io_canonical_name", "service_istio_io_canonical_revision"),
    }
    assert reviews["labels"]["instance"].endswith(":15020")


def test_only_pods_with_a_proxy_are_targets(mesh: Simulator) -> None:
    apps = {labels["app"] for labels in _targets(mesh)}

    assert "istio-ingressgateway" in apps
    assert "batch-export" not in apps
    assert len(_targets(mesh)) == mesh.now()["pods"]


def test_every_target_answers_with_text(mesh: Simulator) -> None:
    for labels in _targets(mesh):
        page = _get(mesh, labels["__metrics_path__"])

        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert "istio_build" in parse(page.text)


def test_page_is_packed_when_asked(mesh: Simulator) -> None:
    path = _targets(mesh)[0]["__metrics_path__"]
    with requests.get(
        mesh.url + path, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=10
    ) as answer:
        packed = answer.raw.read(decode_content=False)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"istio_build" in gzip.decompress(packed)
    assert "Content-Encoding" not in _get(mesh, path, **{"Accept-Encoding": "identity"}).headers


@pytest.mark.parametrize(
    "path",
    ["/pods/bookinfo/nobody/stats/prometheus", "/merged/999/stats/prometheus", "/metrics", "/"],
)
def test_nothing_else_is_there(mesh: Simulator, path: str) -> None:
    answer = _get(mesh, path)

    assert answer.status_code == 404
    assert answer.json()["error"]


@pytest.mark.parametrize("query", ["", "?start=1", "?start=a&end=b", "?start=5&end=9"])
def test_truth_says_what_it_cannot_answer(mesh: Simulator, query: str) -> None:
    answer = _get(mesh, f"/truth{query}")

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_truth_holds_the_named_applications(mesh: Simulator) -> None:
    at = mesh.now()["at"]
    truth = mesh.truth(at - 4, at)

    namespaces = {edge["service_namespace"] for edge in truth["edges"]}
    assert {"bookinfo", "smm-demo", "boutique"} <= namespaces
    assert truth["steps"] == 8


def test_new_pods_join_the_targets_before_they_serve() -> None:
    with Simulator("rolling-restart") as mesh:
        wait_until(lambda: len(_targets(mesh)) > mesh.now()["pods"])
        names = [labels["pod"].rpartition("-")[0] for labels in _targets(mesh)]
        new = _targets(mesh)[-1]
        page = parse(_get(mesh, new["__metrics_path__"]).text)

    assert names.count(new["pod"].rpartition("-")[0]) > 1
    assert set(page) == {"istio_build"}


def test_a_big_mesh_is_merged_into_few_targets() -> None:
    with Simulator(services=400) as mesh:
        pods = mesh.now()["pods"]
        targets = _targets(mesh)
        pages = [_get(mesh, labels["__metrics_path__"]).text for labels in targets]

    assert pods > MAX_SINGLE_TARGETS
    assert len(targets) == -(-pods // PODS_PER_MERGED_TARGET)
    builds = [line for page in pages for line in page.splitlines() if "istio_build{" in line]
    assert len(set(builds)) == pods


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--services", "5"], "a whole number from 10 to 10000 needed, or 0"),
        (["--scenario", "party"], "unknown scenario 'party', one of steady"),
    ],
)
def test_a_wrong_option_is_explained(arguments: list[str], message: str) -> None:
    ended = _simulate(arguments)

    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_taken_port_is_named(mesh: Simulator) -> None:
    ended = _simulate(["--port", str(mesh.port)])

    assert ended.returncode == 1
    assert f"port {mesh.port} cannot be had" in ended.stderr


def _simulate(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "graph.demo.simulate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_two_processes_with_one_seed_tell_the_same_truth() -> None:
    with Simulator(seed=11) as first, Simulator(seed=11) as second:
        wait_until(lambda: min(first.now()["act_s"], second.now()["act_s"]) >= 4)
        counts = []
        for mesh in (first, second):
            started = mesh.now()["started"]
            edges = mesh.truth(started, started + 4)["edges"]
            counts.append(json.dumps([edge["outcomes"] for edge in edges]))

    assert counts[0] == counts[1]
