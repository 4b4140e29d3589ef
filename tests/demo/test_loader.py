"""Topology files: what is accepted, and how what is not is refused."""

from pathlib import Path

import pytest

from graph.demo.fields import TopologyError
from graph.demo.loader import load, load_all
from tests.demo.meshes import SHOP, shop, write


def test_shipped_topologies_hold_what_the_demo_promises() -> None:
    mesh = load_all()

    protocols = {call.protocol for call in mesh.calls}
    modes = {workload.mode for workload in mesh.workloads}
    reviews = [w.version for w in mesh.workloads if w.app == "reviews"]
    assert protocols == {"http", "grpc", "tcp"}
    assert modes == {"sidecar", "none", "gateway", "external"}
    assert reviews == ["v1", "v2", "v3"]


@pytest.mark.parametrize(
    ("service", "rps"),
    [
        ("smm-demo/frontpage", 20),
        ("smm-demo/catalog", 40),
        ("smm-demo/bookings", 20),
        ("smm-demo/analytics", 20),
        ("smm-demo/payments", 20),
        ("smm-demo/notifications", 20),
        ("smm-demo/movies", 40),
    ],
)
def test_movies_app_has_its_published_rates(service: str, rps: float) -> None:
    mesh = load_all()
    split = {s.key: s.split for s in mesh.services}

    def served(name: str) -> float:
        return sum(
            call.rps or (call.per_request or 0) * sum(served(s) for s in behind(call.source))
            for call in mesh.calls
            if call.service == name
        )

    def behind(workload: str) -> list[str]:
        return [name for name, parts in split.items() if workload in dict(parts)]

    assert served(service) == pytest.approx(rps)


def test_a_name_without_slash_means_the_files_own_namespace(tmp_path: Path) -> None:
    mesh = shop(tmp_path)

    assert {call.source for call in mesh.calls} >= {"shop/edge", "shop/front-v1"}


def test_an_outside_host_has_no_namespace(tmp_path: Path) -> None:
    host = next(s for s in shop(tmp_path).services if s.name == "pay.example.com")

    assert (host.namespace, host.host) == ("", "pay.example.com")


def test_calls_may_reach_into_another_file(tmp_path: Path) -> None:
    other = """
namespace: club
workloads: {fan: {app: fan}}
calls: [{from: fan, to: shop/front, protocol: http, rps: 1}]
"""
    mesh = load([write(tmp_path, SHOP), write(tmp_path, other, "club.yaml")])

    assert ("club/fan", "shop/front") in {(call.source, call.service) for call in mesh.calls}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("rps: 40", "rps: lots", "mesh.yaml: calls[0].rps: a number needed, not str 'lots'"),
        ("rps: 40", "rps: -1", "mesh.yaml: calls[0].rps: -1 is not within 0 and 100000"),
        ("rps: 40", "rsp: 40", "mesh.yaml: calls[0].rsp: unknown field"),
        (
            "rps: 40",
            "rps: 40, per_request: 1",
            "mesh.yaml: calls[0]: exactly one of rps, per_request and burst needed",
        ),
        (", rps: 40", "", "mesh.yaml: calls[0]: exactly one of rps, per_request and burst needed"),
        (
            "protocol: grpc",
            "protocol: soap",
            "mesh.yaml: calls[2].protocol: 'soap' is not one of http, grpc, tcp",
        ),
        ("to: back,", "to: bakc,", "mesh.yaml: calls[2].to: there is no service shop/bakc"),
        ("from: old", "from: odl", "mesh.yaml: calls[1].from: there is no workload shop/odl"),
        (
            "{back-v1: 3, back-v2: 1}",
            "{back-v9: 3}",
            "mesh.yaml: services.back.workloads.back-v9: there is no workload shop/back-v9",
        ),
        (
            "{front-v1: 1}",
            "{}",
            "mesh.yaml: services.front.workloads: no workload gets any request",
        ),
        ("pods: 2", "pods: 2.5", "mesh.yaml: workloads.front-v1.pods: a whole number needed"),
        ("pods: 2", "pods: yes", "mesh.yaml: workloads.front-v1.pods: a number needed, not bool"),
        ("503/UF", "503/XX", "mesh.yaml: calls[4].errors.503/XX: unknown flag 'XX'"),
        ("503/UF", "9000", "mesh.yaml: calls[4].errors.9000: '9000' is not an HTTP status"),
        ('"503/UF"', "503", "mesh.yaml: calls[4].errors: key 503 has to be text"),
        (
            '"503/UF": 0.5',
            '"503": 0.6, "500": 0.6',
            "mesh.yaml: calls[4].errors: the shares add up to more than 1",
        ),
        ("critical: true", "critical: 1", "mesh.yaml: calls[2].critical: true or false needed"),
        ("namespace: shop", "namespace: [shop]", "mesh.yaml: namespace: text needed, not list"),
        ("{app: old, mode: none}", "{mode: none}", "mesh.yaml: workloads.old.app: text needed"),
        (
            "{app: store}",
            "store",
            "mesh.yaml: workloads.store: a mapping needed, not str 'store'",
        ),
        ("calls:\n", "calls: {}\nhosts2:\n", "mesh.yaml: hosts2: unknown field"),
        (
            "{app: store}",
            "{app: store, istio: '2.0'}",
            "mesh.yaml: workloads.store.istio: '2.0' is not one of 0.5, 0.8, 1.0, 1.4",
        ),
        (
            "{app: store}",
            "{app: store, buckets: [5, 5]}",
            "mesh.yaml: workloads.store.buckets: rising bounds needed",
        ),
        (
            "{app: store}",
            "{app: store, page: gone.prom}",
            "mesh.yaml: workloads.store.page: cannot be read",
        ),
        (
            "{store: 1}}",
            "{store: 1}, waypoint: old}",
            "mesh.yaml: services.store.waypoint: there is no waypoint shop/old",
        ),
        (
            "per_request: 0.2",
            "per_request: 0.2, streams: 3",
            "mesh.yaml: calls[4].streams: rps needed beside it",
        ),
        ("namespace: shop", "namespace: shop: x", "mesh.yaml: not YAML"),
    ],
)
def test_a_mistake_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert before in SHOP
    path = write(tmp_path, SHOP.replace(before, after, 1))

    with pytest.raises(TopologyError) as caught:
        load([path])

    assert str(caught.value).startswith(message)


def test_a_workload_described_twice_is_refused(tmp_path: Path) -> None:
    again = "{namespace: shop, workloads: {store: {app: store}}}"
    files = [write(tmp_path, SHOP), write(tmp_path, again, "again.yaml")]

    with pytest.raises(TopologyError, match="workload shop/store is described twice"):
        load(files)


EAST_AND_WEST = """
cluster: east
namespace: shop
workloads: {front: {app: front}}
services: {back: {workloads: {"west:back": 1}}}
calls: [{from: front, to: back, protocol: http, rps: 1}]
---
cluster: west
namespace: shop
workloads: {back: {app: back}}
services: {back: {workloads: {back: 1}}}
calls: [{from: back, to: "east:other/back", protocol: http, rps: 1}]
---
cluster: east
namespace: other
services: {back: {workloads: {shop/front: 1}}}
"""


def test_names_mean_the_documents_own_cluster(tmp_path: Path) -> None:
    mesh = load([write(tmp_path, EAST_AND_WEST)])
    split = {service.key: [key for key, _ in service.split] for service in mesh.services}

    assert split == {
        "east:shop/back": ["west:shop/back"],
        "west:shop/back": ["west:shop/back"],
        "east:other/back": ["east:shop/front"],
    }
    assert [call.service for call in mesh.calls] == ["east:shop/back", "east:other/back"]
    assert {service.host for service in mesh.services} == {
        "back.shop.svc.cluster.local",
        "back.other.svc.cluster.local",
    }


def test_an_entry_with_copies_is_many(tmp_path: Path) -> None:
    text = """
namespace: many
workloads:
  caller-#: {copies: 10, app: app-#}
  server: {app: server}
services: {server: {workloads: {server: 1}}}
calls: [{copies: 10, from: caller-#, to: server, protocol: http, rps: 1}]
"""
    mesh = load([write(tmp_path, text)])

    assert [w.key for w in mesh.workloads[:2]] == ["many/caller-01", "many/caller-02"]
    assert mesh.workloads[9].app == "app-10"
    assert [c.source for c in mesh.calls] == [f"many/caller-{n:02}" for n in range(1, 11)]


@pytest.mark.parametrize("copies", ["0", "many", "1.5"])
def test_a_number_of_copies_that_makes_no_sense_is_refused(tmp_path: Path, copies: str) -> None:
    text = f"namespace: many\nworkloads: {{w-#: {{copies: {copies}, app: w}}}}\n"

    with pytest.raises(TopologyError, match="copies: unknown field"):
        load([write(tmp_path, text)])


@pytest.mark.parametrize(
    ("workload", "implied"),
    [
        ("{app: a, mode: ambient}", {"istio-system/ztunnel"}),
        ("{app: a, istio: '0.8'}", {"istio-system/istio-mixer-0.8"}),
        ("{app: a, istio: '1.4', mode: gateway}", {"istio-system/istio-telemetry-1.4"}),
        ("{app: a, istio: '1.4', mode: none}", set()),
        ("{app: a}", set()),
    ],
)
def test_what_a_kind_of_mesh_needs_is_there(
    tmp_path: Path, workload: str, implied: set[str]
) -> None:
    mesh = load([write(tmp_path, f"namespace: one\nworkloads: {{w: {workload}}}\n")])

    assert {w.key for w in mesh.workloads} == {"one/w", *implied}
