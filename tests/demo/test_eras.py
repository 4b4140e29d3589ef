"""Label sets, names and bounds of every era, against what Istio's releases wrote."""

import pytest

from tests.demo.scenes import (
    DURATION,
    OPENED,
    REQUESTS,
    Row,
    exposed,
    pick,
    total,
    values,
)

NATIVE = (
    *("reporter", "source_workload", "source_canonical_service", "source_canonical_revision"),
    *("source_workload_namespace", "source_principal", "source_app", "source_version"),
    *("source_cluster", "destination_workload", "destination_workload_namespace"),
    *("destination_principal", "destination_app", "destination_version"),
    *("destination_service", "destination_canonical_service", "destination_canonical_revision"),
    *("destination_service_name", "destination_service_namespace", "destination_cluster"),
    *("request_protocol", "response_code", "grpc_response_status", "response_flags"),
    "connection_security_policy",
)
WASM = (
    *("reporter", "source_workload", "source_workload_namespace", "source_principal"),
    *("source_app", "source_version", "source_canonical_service", "source_canonical_revision"),
    "source_cluster",
    *("destination_workload", "destination_workload_namespace", "destination_principal"),
    *("destination_app", "destination_version", "destination_service"),
    *("destination_service_name", "destination_service_namespace"),
    *("destination_canonical_service", "destination_canonical_revision", "destination_cluster"),
    *("request_protocol", "response_flags", "connection_security_policy"),
    *("response_code", "grpc_response_status"),
)
FIRST_WASM = (
    *(name for name in WASM[:20] if not name.endswith("_cluster")),
    *("request_protocol", "response_code", "grpc_response_status", "response_flags"),
    "connection_security_policy",
)
MIXER_1_0 = (
    *("connection_security_policy", "destination_app", "destination_principal"),
    *("destination_service", "destination_service_name", "destination_service_namespace"),
    *("destination_version", "destination_workload", "destination_workload_namespace"),
    *("reporter", "request_protocol", "response_code", "source_app", "source_principal"),
    *("source_version", "source_workload", "source_workload_namespace"),
)
MIXER_1_4 = tuple(
    sorted(
        (
            *MIXER_1_0,
            *("grpc_response_status", "response_flags"),
            *("permissive_response_code", "permissive_response_policyid"),
        )
    )
)


def _of(workload: str, metric: str = REQUESTS) -> list[Row]:
    return [row for row in exposed("eras") if row.workload == workload and row.metric == metric]


@pytest.mark.parametrize(
    ("workload", "names"),
    [
        ("istio-system/istio-telemetry-1.0", MIXER_1_0),
        ("istio-system/istio-telemetry-1.4", MIXER_1_4),
        ("eras/server-1.5", FIRST_WASM),
        ("eras/server-1.10", WASM),
        ("eras/server-1.17", NATIVE),
        ("eras/server-1.24", NATIVE),
        ("eras/server-1.30", NATIVE),
    ],
)
def test_labels_of_requests_in_their_order(workload: str, names: tuple[str, ...]) -> None:
    assert {row.names for row in _of(workload)} == {names}


@pytest.mark.parametrize(
    ("mixer", "names"),
    [
        (
            "istio-system/istio-mixer-0.5",
            *(("destination_service", "destination_version", "response_code"),),
        ),
        (
            "istio-system/istio-mixer-0.8",
            ("connection_mtls", "destination_service", "destination_version", "response_code"),
        ),
    ],
)
def test_first_mixer_knew_services_and_versions_only(mixer: str, names: tuple[str, ...]) -> None:
    counted = _of(mixer, "istio_request_count")

    assert {row.names for row in counted} == {(*names, "source_service", "source_version")}


@pytest.mark.parametrize(
    ("workload", "tag"),
    [
        ("istio-system/istio-mixer-0.5", "0.5.1"),
        ("istio-system/istio-telemetry-1.4", "1.4.10"),
        ("eras/client-1.5", "1.5.10"),
        ("eras/client-1.24", "1.24.2"),
        ("eras/client-1.30", "1.30.0"),
    ],
)
def test_every_target_tells_its_version(workload: str, tag: str) -> None:
    assert values(_of(workload, "istio_build"), "tag") == {tag}


def test_only_servers_told_mixer_0() -> None:
    counted = _of("istio-system/istio-mixer-0.5", "istio_request_count")
    # 10 a second for two minutes; a second report of the same requests would double them.
    assert sum(row.value for row in counted) == pytest.approx(1200, rel=0.1)
    assert values(counted, "destination_service") == {"server-05.eras.svc.cluster.local"}


def test_mixer_0_wrote_codes_that_are_none() -> None:
    told = [r for r in exposed("mixer-early") if r.metric == "istio_request_count"]

    assert "42836664" in values(told, "response_code")


@pytest.mark.parametrize("scene", ["mixer-early", "mixer"])
def test_gateways_of_mixers_time_told_what_came_in(scene: str) -> None:
    metric = "istio_request_count" if scene == "mixer-early" else REQUESTS
    source = "source_service" if scene == "mixer-early" else "source_workload"
    ingress = [
        row
        for row in exposed(scene)
        if row.metric == metric and "ingress" in row["destination_service"]
    ]

    assert values(ingress, source) == {"unknown"}


def test_mixer_has_one_page_for_all_proxies_and_they_have_none() -> None:
    assert {row.workload for row in exposed("mixer")} == {"istio-system/istio-telemetry-1.4"}


def test_mixers_identities_have_no_scheme() -> None:
    told = pick(exposed("mixer"), REQUESTS, reporter="destination")

    assert {value.split("/")[0] for value in values(told, "source_principal")} == {
        "cluster.local",
        "unknown",
    }


def test_mixer_counted_durations_in_seconds() -> None:
    rows = exposed("mixer")
    buckets = pick(rows, "istio_request_duration_seconds_bucket")
    bounds = [row["le"] for row in buckets[:12]]
    asked = total(rows, REQUESTS)

    assert bounds == [
        *("0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf")
    ]
    assert total(rows, "istio_request_duration_seconds_count") == pytest.approx(asked, rel=0.05)
    # Milliseconds would be a thousand times as much.
    assert 0.001 < total(rows, "istio_request_duration_seconds_sum") / asked < 0.1
    assert not pick(rows, f"{DURATION}_count")


def test_mixer_counted_bytes_by_tens() -> None:
    buckets = pick(exposed("mixer"), "istio_response_bytes_bucket")

    assert [row["le"] for row in buckets[:10]] == [
        *("1", "10", "100", "1000", "10000", "100000", "1e+06", "1e+07", "1e+08", "+Inf")
    ]


def test_mixer_knew_neither_flags_nor_connections_at_first() -> None:
    assert not [r for r in _of("istio-system/istio-telemetry-1.0") if "response_flags" in r.names]
    assert "UF" in values(_of("istio-system/istio-telemetry-1.4"), "response_flags")
    assert not _of("istio-system/istio-telemetry-1.0", OPENED)
    assert _of("istio-system/istio-telemetry-1.4", OPENED)


def test_tcp_of_mixer_0_has_names_of_its_own() -> None:
    metrics = {row.metric for row in exposed("mixer-early")}

    assert {"istio_tcp_bytes_sent", "istio_tcp_bytes_received"} <= metrics
    assert not {OPENED, "istio_tcp_sent_bytes_total"} & metrics


def test_messages_are_counted_since_1_8() -> None:
    metric = "istio_request_messages_total"

    assert not _of("eras/server-1.5", metric)
    assert _of("eras/server-1.10", metric)


@pytest.mark.parametrize(("workload", "own"), [("store-1.10", "unknown"), ("server-1.17", "")])
def test_native_proxies_leave_their_own_missing_version_empty(workload: str, own: str) -> None:
    metric = OPENED if workload.startswith("store") else REQUESTS
    told = [r for r in _of(f"eras/{workload}", metric) if r["reporter"] == "destination"]

    assert values(told, "destination_version") == {own}


def test_first_wasm_names_clusters_in_a_mesh_of_several_only() -> None:
    assert not [row for row in _of("eras/client-1.5") if "source_cluster" in row.names]
    assert values(_of("eras/client-1.10"), "source_cluster") == {"Kubernetes"}


def test_both_ends_of_an_edge_across_eras_count_the_same() -> None:
    rows = exposed("eras")
    sides = [
        total(
            rows,
            REQUESTS,
            reporter=reporter,
            source_workload="client-1.4",
            destination_workload="server-1.24",
        )
        for reporter in ("source", "destination")
    ]

    assert sides[0] == sides[1] > 0
