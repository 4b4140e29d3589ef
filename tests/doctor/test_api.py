"""GET /api/v1/doctor of a real server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest

from graph.api.wire_schema import definitions
from graph.core import wire
from tests.doctor.conftest import Ward
from tests.faultserver import FaultServer
from tests.served import Served

TYPES = definitions("#/$defs/{model}", {"Diagnosis": wire.Diagnosis})


@pytest.fixture(scope="module")
def prometheus(ward: Ward) -> Iterator[FaultServer]:
    with FaultServer(ward.healthy) as server:
        yield server


@pytest.fixture(scope="module")
def served(prometheus: FaultServer) -> Iterator[Served]:
    with Served(prometheus.url, query_timeout="2s", query_budget="1") as server:
        yield server


def test_a_crowd_of_callers_gets_one_diagnosis(served: Served, prometheus: FaultServer) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: served.get("/api/v1/doctor").json(), range(20)))

    # Every examination asks for the rules, and nothing else does.
    assert len({answer["at"] for answer in answers}) == prometheus.asked["/api/v1/rules"]
    assert prometheus.asked["/api/v1/rules"] < len(answers)


def test_the_diagnosis_keeps_to_its_schema(served: Served) -> None:
    answer = served.get("/api/v1/doctor")

    body = answer.json()
    jsonschema.Draft202012Validator({**TYPES["Diagnosis"], "$defs": TYPES}).validate(body)
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["checks"][0]["id"] == "reachability"


def test_parameters_are_refused(served: Served) -> None:
    assert served.get("/api/v1/doctor?window=1m").status_code == 400
