"""docs/operations.md has every metric, and none that there is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.crew import Crew, RedisServer
from tests.docs.papers import ROOT
from tests.faultserver import FaultServer
from tests.stack import wait_until

PAGE = (ROOT / "docs" / "operations.md").read_text()
ADDRESS = re.compile(r"/metrics are at (http://\S+)/\.")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """The names of all families that a server, a worker and beat tell."""
    folder: Path = tmp_path_factory.mktemp("metrics")
    with (
        FaultServer() as prometheus,
        RedisServer(folder) as redis,
        Crew(prometheus.url, redis, workers=1, operations_address="127.0.0.1:0") as crew,
        crew.serve() as served,
    ):
        names: set[str] = set()
        for child in (served.process, crew.workers[0], crew.beat):
            wait_until(lambda it=child: bool(ADDRESS.search(it.log.read_text())))
            found = ADDRESS.search(child.log.read_text())
            assert found is not None
            text = requests.get(f"{found[1]}/metrics", timeout=10).text
            names |= {
                f"{family.name}_total" if family.type == "counter" else family.name
                for family in text_string_to_metric_families(text)
                if family.name.startswith("meshviz_")
            }
        yield names


def test_every_metric_is_described_and_none_invented(told: set[str]) -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `meshviz_")]
    described = {name for row in rows for name in re.findall(r"`(meshviz_\w+)", row)}

    assert described == told


def test_no_metric_is_described_twice() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `meshviz_")]
    names = [name for row in rows for name in re.findall(r"`(meshviz_\w+)", row)]

    assert len(names) == len(set(names))
