"""The small meshes: each can be read, runs, and exposes pages that Prometheus accepts."""

import itertools
import re
import shutil
import subprocess

import pytest

from graph.demo.fields import TopologyError
from graph.demo.loader import scene, scene_names
from graph.demo.prometheus import CACHED
from tests.demo.scenes import simulated

# Eight hundred pages are one page eight hundred times.
SMALL = tuple(name for name in scene_names() if name != "hub")
STEPS = 60


def _promtool() -> str:
    beside = CACHED.with_name("promtool")
    found = shutil.which("promtool") or (str(beside) if beside.exists() else None)
    if found is None:
        pytest.skip("promtool is neither on PATH nor in .cache/prometheus/bin")
    return found


def _pages(name: str) -> list[bytes]:
    simulator = simulated(name, STEPS)
    return [simulator.exposition.page([slot]) for slot in simulator.pods.reporting()]


def test_an_unknown_scene_is_refused_with_those_that_exist() -> None:
    with pytest.raises(TopologyError, match=r"no scene 'opera', one of .*ambient.* needed"):
        scene("opera")


@pytest.mark.parametrize("name", SMALL)
def test_prometheus_reads_every_page(name: str) -> None:
    # Pods of one kind have pages of one kind: the first and the last will do.
    for page in {_pages(name)[0], _pages(name)[-1]}:
        checked = subprocess.run(
            [_promtool(), "check", "metrics"], input=page, capture_output=True, check=False
        )
        # 3 is advice on names, which are Istio's to choose; 1 would be a page that cannot be read.
        assert checked.returncode in (0, 3), checked.stderr.decode()


@pytest.mark.parametrize("name", SMALL)
def test_no_page_has_a_series_twice(name: str) -> None:
    for page in _pages(name):
        series = [line.rpartition(b" ")[0] for line in page.splitlines() if line[:1] not in b"#"]
        assert len(series) == len(set(series))


@pytest.mark.parametrize("name", SMALL)
def test_a_family_stands_together_even_when_many_pods_share_a_page(name: str) -> None:
    simulator = simulated(name, STEPS)
    slots = [s for s in simulator.pods.reporting() if not simulator.pods.workload(s).page]
    page = simulator.exposition.page(slots, merged=True).decode()
    types = re.findall(r"^# TYPE (\S+)", page, re.MULTILINE)
    names = [re.split(r"[{ ]", line)[0] for line in page.splitlines() if line[:1] not in "#"]
    # "istio_request_count" is a counter of its own, whatever its ending.
    families = [n if n in types else re.sub(r"_(bucket|sum|count)$", "", n) for n in names]

    assert len(types) == len(set(types))
    assert [name for name, _ in itertools.groupby(families)] == types


@pytest.mark.parametrize("name", SMALL)
def test_something_flows(name: str) -> None:
    simulator = simulated(name, STEPS)
    edges = simulator.truth.between(simulator.at - 30, simulator.at)["edges"]

    assert edges or name == "jobs"


def test_a_hub_has_eight_hundred_callers() -> None:
    mesh = scene("hub")

    assert len({call.source for call in mesh.calls if call.service == "hub/vault"}) == 800


def test_tenants_have_a_service_each() -> None:
    named = [service.name for service in scene("tenants").services if service.name != "store"]

    assert named == [f"tenant-{number:02}" for number in range(1, 61)]


def test_a_long_host_has_three_hundred_characters() -> None:
    assert max(len(service.host) for service in scene("nasties").services) == 300
