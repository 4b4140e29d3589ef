"""What crosses the mesh's border: hosts outside, direct calls, machines, clusters, jobs."""

import pytest

from tests.demo.scenes import (
    CLOSED,
    OPENED,
    REQUESTS,
    SENT,
    by,
    exposed,
    pick,
    simulated,
    total,
    values,
)


@pytest.mark.parametrize(
    ("service", "name", "namespace"),
    [
        ("api.stripe.com", "api.stripe.com", "unknown"),
        ("partner.example.org", "partner.example.org", "egress"),
        ("www.wikipedia.org", "PassthroughCluster", "unknown"),
        ("172.17.0.12:15090", "PassthroughCluster", "unknown"),
        ("blocked.example.com", "BlackHoleCluster", "unknown"),
    ],
)
def test_hosts_outside_by_their_callers_words(service: str, name: str, namespace: str) -> None:
    told = pick(exposed("egress"), REQUESTS, destination_service=service)

    assert set(
        by(told, "reporter", "destination_service_name", "destination_service_namespace")
    ) == {("source", name, namespace)}
    assert values(told, "destination_workload") == {"unknown"}


def test_tcp_to_an_unregistered_host_has_no_service() -> None:
    told = pick(exposed("egress"), OPENED, destination_service_name="PassthroughCluster")

    assert values(told, "destination_service") == {"unknown"}


def test_http_into_a_black_hole_is_answered_502_without_flags() -> None:
    told = pick(exposed("egress"), REQUESTS, destination_service_name="BlackHoleCluster")

    assert set(by(told, "response_code", "response_flags")) == {("502", "-")}


def test_tcp_into_a_black_hole_closes_without_having_opened() -> None:
    rows = exposed("egress")
    name = {"destination_service_name": "BlackHoleCluster"}

    assert total(rows, CLOSED, **name) > 100
    assert not pick(rows, OPENED, **name)
    assert not pick(rows, SENT, **name)


def test_direct_calls_are_known_to_the_server_only() -> None:
    told = [
        r for r in exposed("egress") if "Inbound" in r.labels.get("destination_service_name", "")
    ]
    requests = [row for row in told if row.metric == REQUESTS]

    assert set(by(requests, "reporter", "destination_service_name", "destination_service")) == {
        ("destination", "InboundPassthroughCluster", "web"),
        ("destination", "InboundPassthroughClusterIpv4", "10.12.0.7:9090"),
    }
    assert values(requests, "source_workload") == {"unknown"}
    assert values(requests, "connection_security_policy") == {"none"}


def test_a_virtual_machine_tells_like_a_pod_and_is_scraped_without_labels_of_one() -> None:
    simulator = simulated("egress")
    (slot,) = (s for s in simulator.pods.reporting() if simulator.pods.workload(s).mode == "vm")
    told = pick(exposed("egress"), REQUESTS, source_workload="legacy")

    assert values(told, "reporter") == {"source", "destination"}
    assert simulator.pods.scrape_labels(slot, simulator.pods.serving[slot]).keys() == {
        "instance",
        "job",
    }


def test_calls_across_clusters_name_both() -> None:
    rows = pick(exposed("clusters"), REQUESTS, destination_workload="back")
    pairs = set(by(rows, "source_cluster", "destination_cluster"))

    assert pairs == {("east", "east"), ("east", "west"), ("west", "west")}
    assert values(
        pick(rows, REQUESTS, reporter="destination", source_cluster="east"), "source_principal"
    ) == {"spiffe://east.local/ns/shop/sa/front"}


def test_an_unreached_server_has_no_cluster() -> None:
    lost = pick(exposed("clusters"), REQUESTS, response_flags="UF")

    assert set(by(lost, "source_cluster", "destination_cluster")) == {("west", "unknown")}


def test_truth_keeps_the_same_names_of_two_clusters_apart() -> None:
    simulator = simulated("clusters")
    edges = simulator.truth.between(simulator.at - 60, simulator.at)["edges"]
    told = {
        (edge["source"]["cluster"], edge["destination"]["cluster"])
        for edge in edges
        if edge["destination"] and edge["service_name"] == "back"
    }

    assert told == {("east", "east"), ("east", "west"), ("west", "west")}


def test_a_burst_is_exactly_what_it_should_be() -> None:
    before, after = exposed("jobs", 240), exposed("jobs", 260)
    once = {"source_workload": "once", "reporter": "destination"}

    assert not pick(before, REQUESTS, **once)
    assert total(after, REQUESTS, **once) == 3


def test_a_job_without_proxy_is_an_unknown_caller() -> None:
    told = pick(exposed("jobs"), REQUESTS, destination_workload="api")

    assert set(by(told, "reporter", "source_workload", "connection_security_policy")) == {
        ("destination", "unknown", "none")
    }


def test_truth_opened_nothing_into_a_black_hole() -> None:
    simulator = simulated("egress")
    edges = simulator.truth.between(simulator.at - 60, simulator.at)["edges"]
    tcp = {e["service_name"]: e["connections_opened"] for e in edges if e["protocol"] == "tcp"}

    assert tcp["BlackHoleCluster"] == 0 < tcp["PassthroughCluster"]
