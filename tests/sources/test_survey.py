"""A survey that is refused leaves an ordinary mesh; one that fails says so. And names in quotes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.core.samples import Sample
from graph.sources import Rejected, Unavailable
from graph.sources.body import Body
from graph.sources.facts import workload_of
from graph.sources.findings import versions
from graph.sources.naming import Metric, Naming
from graph.sources.promql import QUESTIONS
from graph.sources.shape import PLAIN
from graph.sources.survey import Survey, Surveyor
from tests.bodies import body_of


def survey(answer: Exception | Body) -> Survey:
    def call(path: str, form: Mapping[str, str] | None) -> Body:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with ThreadPoolExecutor(2) as pool:
        return Surveyor(call, pool, Naming()).survey(1000.0)


@pytest.mark.parametrize("answer", [Rejected("no", "no"), body_of({"status": "success"})])
def test_a_server_that_refuses_a_survey_is_asked_in_the_ordinary_way(
    answer: Exception | Body,
) -> None:
    found = survey(answer)

    assert found.shape == PLAIN
    assert found.scraped_times is None
    assert not found.eras


def test_a_server_that_is_gone_is_an_error() -> None:
    with pytest.raises(Unavailable):
        survey(Unavailable("gone", "start it"))


def test_names_that_only_prometheus_3_knows_are_quoted() -> None:
    naming = Naming(
        {"istio_requests_total": Metric("istio.requests")},
        {"source_workload": "source.workload"},
        (("k8s.cluster", "=", "east"),),
    )
    query = QUESTIONS["requests"].promql(60, naming=naming)

    assert 'rate({"istio.requests", "k8s.cluster"="east"}[60s])' in query
    assert ', "source.workload", ' in query
    assert naming.istio_labels({"source.workload": "web", "reporter": "source"}) == {
        "source_workload": "web",
        "reporter": "source",
    }


def test_a_histogram_is_renamed_with_its_parts() -> None:
    naming = Naming({"istio_request_duration_milliseconds": Metric("mesh:duration")})

    assert naming.metric("istio_request_duration_milliseconds_bucket").name == (
        "mesh:duration_bucket"
    )


def test_versions_come_in_their_order() -> None:
    tags = ["1.24.2", "1.9.0", "1.24.10", "", "1.24.2-rc.1", "odd"]
    rows = [Sample({"component": "proxy", "tag": tag}, 1.0) for tag in tags]
    pilot = Sample({"component": "pilot", "tag": "1.30.0"}, 1.0)

    found = [(row["component"], row["version"]) for row in versions([*rows, pilot])]

    assert found[0] == ("pilot", "1.30.0")
    in_order = ["unknown", "odd", "1.9.0", "1.24.2", "1.24.2-rc.1", "1.24.10"]
    assert [version for _, version in found[1:]] == in_order


@pytest.mark.parametrize(
    ("pod", "workload"),
    [
        ("waypoint-7d4f8b9c6-abcde", "waypoint"),
        ("my-edge-waypoint-6b5c7d8f9-zzzzz", "my-edge-waypoint"),
        ("waypoint-0", ""),
        ("", ""),
    ],
)
def test_a_deployment_is_read_from_its_pods_name(pod: str, workload: str) -> None:
    assert workload_of(pod) == workload
