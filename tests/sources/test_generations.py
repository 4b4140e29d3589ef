"""Every generation of Istio's telemetry comes out as today's, from a real Prometheus."""

from collections.abc import Callable

import pytest

from tests.sources.conftest import Stored

pytestmark = pytest.mark.prometheus

Open = Callable[..., Stored]


def found(mesh: Stored) -> dict[str, int]:
    return {era["era"]: era["series"] for era in mesh.source.facts()["eras"]}


def test_mixer_0_speaks_todays_language(stored: Open) -> None:
    mesh = stored("mixer-0")
    (row,) = mesh.rows("requests")

    assert row.value == pytest.approx(4)
    assert row.labels["reporter"] == "destination"
    assert row.labels["source_canonical_service"] == "web"
    assert row.labels["destination_workload_namespace"] == "shop"
    assert row.labels["destination_service_name"] == "api"
    assert row.labels["destination_canonical_revision"] == "v2"
    assert row.labels["connection_security_policy"] == "mutual_tls"
    assert found(mesh) == {"mixer-0": 2}


@pytest.mark.parametrize("scene", ["mixer-0", "mixer-1"])
def test_mixers_seconds_are_milliseconds(stored: Open, scene: str) -> None:
    mesh = stored(scene)

    assert mesh.total("duration_sum") / mesh.total("duration_count") == pytest.approx(200)
    assert {row.labels["le"] for row in mesh.rows("duration_buckets")} == {"100", "500", "+Inf"}


def test_mixer_0_counts_bytes_of_connections(stored: Open) -> None:
    (row,) = stored("mixer-0").rows("tcp_sent", request_protocol="tcp")

    assert row.value == pytest.approx(100)


def test_mixer_1_identities_get_their_scheme(stored: Open) -> None:
    mesh = stored("mixer-1")
    (row,) = mesh.rows("requests")

    assert row.labels["source_principal"] == "spiffe://cluster.local/ns/shop/sa/web"
    assert found(mesh) == {"mixer-1": 2}


def test_several_eras_are_one_mesh(stored: Open) -> None:
    mesh = stored("several-eras")
    mesh.fetch()
    (old,) = mesh.rows("requests", reporter="destination", destination_canonical_service="api")

    # What the newer proxy says of the same workloads tells who the older one means.
    assert old.labels["source_workload"] == "web-v1"
    assert old.labels["destination_workload"] == "api-v2"


def test_eras_and_versions_are_told(stored: Open) -> None:
    mesh = stored("several-eras")

    assert found(mesh) == {"mixer-0": 1, "wasm": 1, "native": 1}
    assert mesh.source.facts()["istio_versions"] == [
        {"component": "pilot", "version": "1.24.2", "count": 1},
        {"component": "proxy", "version": "1.9.1", "count": 1},
        {"component": "proxy", "version": "1.24.2", "count": 1},
    ]


@pytest.mark.parametrize("label", ["app", "pod", "job"])
@pytest.mark.parametrize("question", ["tcp_sent", "tcp_received", "tcp_opened"])
def test_ztunnels_are_marked_by_whatever_tells_them(
    stored: Open, label: str, question: str
) -> None:
    mesh = stored(f"ztunnel-by-{label}")

    assert mesh.total(question, proxy="ztunnel") == pytest.approx(7)
    assert mesh.total(question) == pytest.approx(12)
    assert found(mesh)["ztunnel"] == 1


def test_waypoints_are_told_by_what_scraping_says_of_them(stored: Open) -> None:
    assert stored("waypoints").fetch().waypoints == {("shop", "by-pod"), ("shop", "edge")}


def test_operations_are_asked_for_where_they_exist(stored: Open) -> None:
    assert stored("operations").total("requests", request_operation="GetItem") == pytest.approx(2)
    assert "request_operation" not in stored("once").rows("requests")[0].labels


def test_the_number_of_queries_is_that_of_the_mesh(stored: Open) -> None:
    asked = {stored(scene).fetch().queries for scene in ("once", "two-jobs", "operations")}

    assert len(asked) == 1
