"""Label sets against what Istio's proxies write."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.demo.eras import ERAS
from graph.demo.labels import Account, Reporter, message_labels, request_labels, tcp_labels, text
from graph.demo.outcomes import Outcome, normal, parse_outcome
from graph.demo.ztunnel import ztunnel_labels
from tests.demo.meshes import shop

PEERS = (
    *("reporter", "source_workload", "source_canonical_service", "source_canonical_revision"),
    *("source_workload_namespace", "source_principal", "source_app", "source_version"),
    *("source_cluster", "destination_workload", "destination_workload_namespace"),
    *("destination_principal", "destination_app", "destination_version"),
    *("destination_service", "destination_canonical_service", "destination_canonical_revision"),
    *("destination_service_name", "destination_service_namespace", "destination_cluster"),
)
REQUEST = ("request_protocol", "response_code", "grpc_response_status", "response_flags")
SECURITY = "connection_security_policy"


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """front-v1 calls back-v1 by gRPC, told by the server's proxy."""
    mesh = shop(tmp_path)
    workloads = {workload.key: workload for workload in mesh.workloads}
    services = {service.key: service for service in mesh.services}
    return Account(
        reporter="destination",
        call=mesh.calls[2],
        service=services["shop/back"],
        source=workloads["shop/front-v1"],
        destination=workloads["shop/back-v1"],
        outcome=normal("grpc"),
        plaintext=False,
        proxy=workloads["shop/back-v1"],
    )


def test_names_and_order_are_envoys(account: Account) -> None:
    assert [name for name, _ in request_labels(account)] == [*PEERS, *REQUEST, SECURITY]
    assert [name for name, _ in tcp_labels(account)] == [
        *PEERS,
        "request_protocol",
        "response_flags",
        SECURITY,
    ]
    assert [name for name, _ in message_labels(account)] == [*PEERS]


def test_values_are_the_workloads(account: Account) -> None:
    assert dict(request_labels(account)) == {
        "reporter": "destination",
        "source_workload": "front-v1",
        "source_canonical_service": "front",
        "source_canonical_revision": "v1",
        "source_workload_namespace": "shop",
        "source_principal": "spiffe://cluster.local/ns/shop/sa/front",
        "source_app": "front",
        "source_version": "v1",
        "source_cluster": "Kubernetes",
        "destination_workload": "back-v1",
        "destination_workload_namespace": "shop",
        "destination_principal": "spiffe://cluster.local/ns/shop/sa/back",
        "destination_app": "back",
        "destination_version": "v1",
        "destination_service": "back.shop.svc.cluster.local",
        "destination_canonical_service": "back",
        "destination_canonical_revision": "v1",
        "destination_service_name": "back",
        "destination_service_namespace": "shop",
        "destination_cluster": "Kubernetes",
        "request_protocol": "grpc",
        "response_code": "200",
        "grpc_response_status": "0",
        "response_flags": "-",
        "connection_security_policy": "mutual_tls",
    }


@pytest.mark.parametrize(
    ("reporter", "plaintext", "policy"),
    [
        ("source", False, "unknown"),
        ("source", True, "unknown"),
        ("destination", False, "mutual_tls"),
        ("destination", True, "none"),
    ],
)
def test_only_the_server_knows_how_secure_the_connection_is(
    account: Account, reporter: Reporter, plaintext: bool, policy: str
) -> None:
    told = replace(account, reporter=reporter, plaintext=plaintext)

    assert dict(request_labels(told))[SECURITY] == policy


@pytest.mark.parametrize("reporter", ["source", "destination"])
def test_without_certificates_nobody_has_a_principal(account: Account, reporter: Reporter) -> None:
    labels = dict(request_labels(replace(account, reporter=reporter, plaintext=True)))

    assert labels["source_principal"] == labels["destination_principal"] == "unknown"
    assert labels["source_workload"] == "front-v1"


def test_a_caller_without_proxy_is_unknown(account: Account, tmp_path: Path) -> None:
    old = next(w for w in shop(tmp_path).workloads if w.name == "old")
    labels = dict(request_labels(replace(account, source=old, plaintext=True)))

    source = {name: value for name, value in labels.items() if name.startswith("source_")}
    assert source.pop("source_canonical_revision") == "latest"
    assert set(source.values()) == {"unknown"}
    assert labels[SECURITY] == "none"


def test_a_request_that_found_no_server_names_the_service_only(account: Account) -> None:
    lost = replace(
        account,
        reporter="source",
        destination=None,
        outcome=parse_outcome("grpc", "14/UH"),
    )
    labels = dict(request_labels(lost))

    assert labels["destination_service"] == "back.shop.svc.cluster.local"
    assert labels["destination_service_namespace"] == "shop"
    assert labels["destination_workload"] == "unknown"
    assert labels["destination_workload_namespace"] == "unknown"
    assert labels["destination_cluster"] == "unknown"
    assert labels["response_flags"] == "UH"


def test_an_outside_host_is_known_by_its_name_only(account: Account, tmp_path: Path) -> None:
    mesh = shop(tmp_path)
    outside = replace(
        account,
        reporter="source",
        call=mesh.calls[4],
        service=next(s for s in mesh.services if s.namespace == ""),
        destination=next(w for w in mesh.workloads if w.mode == "external"),
        outcome=normal("http"),
    )
    labels = dict(request_labels(outside))

    assert labels["destination_service"] == labels["destination_service_name"] == "pay.example.com"
    assert labels["destination_service_namespace"] == "unknown"
    assert labels["destination_workload"] == "unknown"


@pytest.mark.parametrize(("reporter", "version"), [("source", ""), ("destination", "unknown")])
def test_a_proxy_leaves_its_own_missing_version_empty(
    account: Account, reporter: Reporter, version: str
) -> None:
    source = replace(account.source, version="", revision="latest")
    labels = dict(request_labels(replace(account, reporter=reporter, source=source)))

    assert labels["source_version"] == version


@pytest.mark.parametrize(
    ("reporter", "flags"), [("source", "DI"), ("destination", "-")], ids=["client", "server"]
)
def test_flags_are_those_of_the_reporting_proxy(
    account: Account, reporter: Reporter, flags: str
) -> None:
    delayed: Outcome = parse_outcome("grpc", "0/DI")
    labels = dict(request_labels(replace(account, reporter=reporter, outcome=delayed)))

    assert labels["response_flags"] == flags


@pytest.mark.parametrize(("era", "seen"), [("1.5", "unknown"), ("1.10", "old")])
def test_pods_without_proxy_are_described_by_the_control_plane_since_1_10(
    account: Account, tmp_path: Path, era: str, seen: str
) -> None:
    old = next(w for w in shop(tmp_path).workloads if w.name == "old")
    proxy = replace(account.source, era=ERAS[era])
    told = replace(account, reporter="source", destination=old, plaintext=True, proxy=proxy)

    assert dict(request_labels(told))["destination_workload"] == seen


def test_plaintext_tcp_brings_nothing_of_its_caller(account: Account, tmp_path: Path) -> None:
    call = next(c for c in shop(tmp_path).calls if c.protocol == "tcp")
    labels = dict(tcp_labels(replace(account, call=call, plaintext=True)))
    source = {name: value for name, value in labels.items() if name.startswith("source_")}

    assert source.pop("source_canonical_revision") == "latest"
    assert set(source.values()) == {"unknown"}


@pytest.mark.parametrize(("era", "localities"), [("1.24", 0), ("1.30", 4)])
def test_ztunnels_name_localities_since_1_25(account: Account, era: str, localities: int) -> None:
    proxy = replace(account.source, era=ERAS[era])
    labels = ztunnel_labels(replace(account, proxy=proxy, ztunnel=True))

    assert len([name for name, _ in labels if name.endswith(("_region", "_zone"))]) == localities


def test_text_escapes_what_would_end_the_value() -> None:
    assert text((("a", 'x"y'), ("b", "p\\q"), ("c", "1\n2"))) == (rb'a="x\"y",b="p\\q",c="1\n2"')
