"""Series that Prometheus stores more than once count once, and people are told."""

from collections.abc import Callable

import pytest

from tests.sources.conftest import Stored
from tests.sources.scenes import WINDOW_S

pytestmark = pytest.mark.prometheus

Open = Callable[..., Stored]


@pytest.mark.parametrize("scene", ["two-jobs", "ha", "federation-beside"])
def test_every_pod_counts_once(stored: Open, scene: str) -> None:
    mesh = stored(scene)

    assert mesh.total("requests") == pytest.approx(2)
    assert mesh.source.facts()["scraped_times"] == 2.0
    (warning,) = mesh.fetch().warnings
    assert "2 times over" in warning


def test_a_birth_seen_by_two_jobs_at_different_times_counts_once(stored: Open) -> None:
    # Nine requests: three before one job looked first, four before the other did.
    assert stored("two-jobs-birth").total("requests") * WINDOW_S == pytest.approx(9, rel=0.25)


def test_two_federated_clusters_beside_direct_scraping_count_once(stored: Open) -> None:
    mesh = stored("two-federated-beside")

    assert mesh.total("requests") == pytest.approx(4)
    assert mesh.source.facts()["scraped_times"] == 2.0


def test_jobs_are_named(stored: Open) -> None:
    (warning,) = stored("two-jobs").source.facts()["warnings"]

    assert "envoy-stats, pods" in warning


@pytest.mark.parametrize(
    ("scene", "named", "advised"),
    [
        ("two-jobs", "jobs: envoy-stats, pods)", "Scrape each pod in one job only"),
        (
            "federation-beside",
            "jobs: federate, pods; the copies differ in cluster (none, east))",
            'MESHVIZ_SELECTOR=job!="federate"',
        ),
        (
            "two-federated-beside",
            "job: pods; the copies differ in cluster (none, east, west))",
            'MESHVIZ_SELECTOR=cluster=""',
        ),
        ("ha", "the copies differ in prometheus_replica (a, b))", "Two servers store the same"),
    ],
)
def test_what_tells_copies_apart_is_named_with_what_to_do(
    stored: Open, scene: str, named: str, advised: str
) -> None:
    (warning,) = stored(scene).source.facts()["warnings"]

    assert named in warning
    assert advised in warning


@pytest.mark.parametrize(
    ("scene", "rps"), [("two-clusters", 4), ("two-mixers", 4), ("dimension", 4), ("once", 3)]
)
def test_what_only_looks_alike_is_added(stored: Open, scene: str, rps: float) -> None:
    mesh = stored(scene)

    assert mesh.total("requests") == pytest.approx(rps)
    assert mesh.source.facts()["scraped_times"] == 1.0
    assert not mesh.fetch().warnings


def test_a_dimension_of_the_operators_survives_double_scraping(stored: Open) -> None:
    mesh = stored("dimension-twice")

    assert mesh.total("requests") == pytest.approx(4)
    assert mesh.source.facts()["scraped_times"] == 2.0


def test_copies_that_recording_rules_write_under_the_same_name_are_left_out(stored: Open) -> None:
    mesh = stored("recorded-under-its-name")

    assert mesh.total("requests") == pytest.approx(2)
    assert any("Recording rules" in warning for warning in mesh.fetch().warnings)


def test_a_waypoints_report_copied_to_other_reporters_counts_once(stored: Open) -> None:
    mesh = stored("waypoint-copies")

    assert mesh.total("requests", reporter="waypoint") == pytest.approx(2)
    assert mesh.total("requests", reporter="destination") == 0
    assert mesh.total("requests", reporter="source") == pytest.approx(3)
    assert any("waypoints" in warning for warning in mesh.fetch().warnings)
