"""Who is who: names, nodes and graph types."""

import pytest

from graph.core import identity, naming
from graph.core.samples import Sample
from graph.core.wire import GraphType, NodeKind
from tests.make import feed, node_named, request, tcp, unanswered, view

APP_LABELS = {"source_app": "productpage", "source_version": "v1"}


def nodes(graph_type: GraphType, *samples: object) -> set[tuple[str, str, str | None]]:
    made = view(feed(requests=list(samples)), graph_type)  # type: ignore[arg-type]
    return {(n["kind"], n["name"], n["version"]) for n in made.picture.nodes.values()}


@pytest.mark.parametrize(
    ("graph_type", "expected"),
    [
        ("workload", {("workload", "productpage-v1", "v1"), ("workload", "reviews-v1", "v1"),
                      ("workload", "reviews-v2", "v2")}),
        ("app", {("app", "productpage", None), ("app", "reviews", None)}),
        ("versioned_app", {("app", "productpage", "v1"), ("app", "reviews", "v1"),
                           ("app", "reviews", "v2")}),
        ("service", {("app", "productpage", None), ("service", "reviews", None)}),
        ("namespace", {("namespace", "bookinfo", None)}),
    ],
    ids=["workload", "app", "versioned_app", "service", "namespace"],
)  # fmt: skip
def test_each_graph_type_draws_its_own_nodes(
    graph_type: GraphType, expected: set[tuple[str, str, str | None]]
) -> None:
    assert nodes(graph_type, request(1), request(1, target="reviews-v2")) == expected


def test_an_app_node_lists_the_versions_behind_it() -> None:
    made = view(feed(requests=[request(1), request(1, target="reviews-v2")]), "app")

    assert node_named(made, "reviews")["versions"] == ["v1", "v2"]


@pytest.mark.parametrize("missing", [None, "", "unknown"], ids=["absent", "empty", "unknown"])
def test_app_and_version_stand_in_for_a_missing_canonical_name(missing: str | None) -> None:
    sample = request(1, **APP_LABELS)
    for label in ("source_canonical_service", "source_canonical_revision"):
        sample.labels.pop(label)
        if missing is not None:
            sample.labels[label] = missing

    assert ("app", "productpage", "v1") in nodes("versioned_app", sample)


def test_latest_is_no_version() -> None:
    assert ("app", "productpage", None) in nodes(
        "versioned_app", request(1, source_canonical_revision="latest")
    )


def test_a_caller_without_any_name_is_the_unknown_node() -> None:
    made = view(feed(requests=[request(1, source="x", source_workload="unknown",
                                       source_canonical_service="unknown")]))  # fmt: skip

    assert node_named(made, "unknown")["kind"] == "unknown"


def test_proxies_that_disagree_on_the_version_still_mean_one_workload() -> None:
    made = view(
        feed(
            requests=[request(1), request(1, reporter="source", destination_canonical_revision="")]
        )
    )

    assert node_named(made, "reviews-v1")["version"] == "v1"
    assert len(made.picture.edges) == 1


@pytest.mark.parametrize(
    ("service", "host", "kind"),
    [
        ("api.stripe.com", "api.stripe.com", "external"),
        ("PassthroughCluster", "www.wikipedia.org", "passthrough"),
        ("BlackHoleCluster", "unknown", "blackhole"),
    ],
    ids=["service-entry", "passthrough", "blackhole"],
)
def test_traffic_that_leaves_the_mesh(service: str, host: str, kind: NodeKind) -> None:
    sample = unanswered(1, flags="-", code="200")
    sample.labels.update(
        destination_service_name=service,
        destination_service=host,
        destination_service_namespace="unknown",
    )

    node = node_named(view(feed(requests=[sample])), service)
    assert node["kind"] == kind
    assert node["namespace"] is None


@pytest.mark.parametrize(
    ("workload", "kind"),
    [
        ("istio-ingressgateway", "gateway"),
        ("istio-egressgateway", "gateway"),
        ("bookinfo-gateway-istio", "gateway"),
        ("waypoint", "waypoint"),
        ("bookinfo-waypoint-proxy", "waypoint"),
        ("gateway-config-api", "workload"),
        ("orders", "workload"),
    ],
)
def test_gateways_and_waypoints_are_known_by_name(workload: str, kind: NodeKind) -> None:
    assert naming.proxy_kind("shop", workload) == kind


def test_the_same_name_in_two_namespaces_is_two_nodes() -> None:
    made = view(feed(requests=[request(1), request(1, namespace="staging")]), "app")

    assert len(made.picture.nodes) == 4


def test_the_same_name_in_two_clusters_is_two_nodes() -> None:
    west = {"source_cluster": "west", "destination_cluster": "west"}
    made = view(feed(requests=[request(1), request(1, **west)]), "namespace")

    assert sorted(n["cluster"] or "" for n in made.picture.nodes.values()) == ["Kubernetes", "west"]


def test_ids_cannot_be_forged_by_label_values() -> None:
    assert identity.node_id("w", "a/b", "c") != identity.node_id("w", "a", "b/c")
    assert "|" not in identity.node_id("x", "evil|host")


def test_a_service_graph_draws_calls_from_service_to_service() -> None:
    made = view(
        feed(
            requests=[
                request(5, source="istio-ingressgateway", target="productpage-v1"),
                request(5),
                request(2, source="reviews-v1", target="ratings-v1"),
            ]
        ),
        "service",
    )

    kinds = {n["name"]: n["kind"] for n in made.picture.nodes.values()}
    assert kinds == {
        "istio-ingressgateway": "gateway",
        "productpage": "service",
        "reviews": "service",
        "ratings": "service",
    }
    assert node_named(made, "reviews")["out"]["rps"] == 2


def test_a_workload_behind_two_services_is_not_counted_twice_in_a_service_graph() -> None:
    made = view(
        feed(
            requests=[
                request(5),
                request(1, destination_service_name="reviews-canary"),
                request(6, source="reviews-v1", target="ratings-v1"),
            ]
        ),
        "service",
    )

    assert node_named(made, "ratings")["in"]["rps"] == 6


@pytest.mark.parametrize(
    ("services", "front"),
    [
        ({"reviews": 1, "reviews-canary": 9}, "reviews"),
        ({"zebra": 9, "ape": 1}, "zebra"),
        ({"zebra": 1, "ape": 9}, "ape"),
    ],
)
def test_calls_of_a_workload_behind_two_services_come_from_its_own_or_the_busiest(
    services: dict[str, int], front: str
) -> None:
    onward = request(6, source="reviews-v1", target="ratings-v1")
    asked = [request(rps, destination_service_name=name) for name, rps in services.items()]
    made = view(feed(requests=[*asked, onward]), "service")
    assert node_named(made, front)["out"]["rps"] == 6

    connected = [tcp(1, destination_service_name=name) for name in services]
    opened = [tcp(rps, destination_service_name=name) for name, rps in services.items()]
    made = view(feed(tcp_sent=connected, tcp_opened=opened, requests=[onward]), "service")
    assert node_named(made, front)["out"]["rps"] == 6


def test_a_scope_of_several_namespaces_takes_in_each_of_them() -> None:
    calls = [
        request(rps, source="a-v1", target="b-v1", namespace=namespace)
        for rps, namespace in enumerate(("shop", "bank", "depot"), start=1)
    ]
    state = feed(requests=calls)

    def scoped(*namespaces: str) -> list[float | None]:
        edges = view(state, "workload", *namespaces).picture.edges.values()
        return sorted(edge["rps"] or 0 for edge in edges)

    assert scoped("shop") == [1]
    assert scoped("shop", "depot") == [1, 3]
    assert scoped("shop", "bank", "depot", "none") == [1, 2, 3]


def test_the_busiest_hosts_are_by_the_traffic_of_all_versions() -> None:
    hosts = [f"host-{i:02}.example" for i in range(12)]
    calls = [request(5, destination_service=host) for host in hosts[:10]]
    for rps, host in ((3, hosts[10]), (4.5, hosts[11])):
        calls.append(request(rps, destination_service=host))
    calls.append(request(3, target="reviews-v2", destination_service=hosts[10]))
    calls.append(request(0, target="reviews-v2", destination_service="silent.example"))
    (edge,) = view(feed(requests=calls), "app").picture.edges.values()

    assert len(edge["hosts"]) == 10
    assert hosts[10] in edge["hosts"]
    assert hosts[11] not in edge["hosts"]
    (few,) = view(feed(requests=calls[-2:]), "app").picture.edges.values()
    assert few["hosts"] == [hosts[10]]


@pytest.mark.parametrize(("end", "other"), [("source", "destination"), ("destination", "source")])
@pytest.mark.parametrize("version", ["reviews-v1", "reviews-v2"])
def test_the_busiest_identities_are_by_the_traffic_of_all_they_meet(
    end: str, other: str, version: str
) -> None:
    names = [f"spiffe://cluster.local/ns/x/sa/{i:02}" for i in range(12)]

    def met(rps: float, name: str, whom: str = "one", target: str = "reviews-v1") -> Sample:
        ends = {f"{end}_principal": name, f"{other}_principal": whom}
        return request(rps, target=target, **ends)

    calls = [met(5, name) for name in names[:10]]
    calls += [met(3, names[10]), met(4.5, names[11])]
    calls.append(met(3, names[10], "another" if version == "reviews-v1" else "one", version))
    (edge,) = view(feed(requests=calls), "app").picture.edges.values()

    listed = edge["principals"][end]  # type: ignore[literal-required]
    assert names[10] in listed
    assert names[11] not in listed


def test_identities_without_traffic_are_not_listed() -> None:
    caller, server = "spiffe://cluster.local/ns/x/sa/a", "spiffe://cluster.local/ns/x/sa/b"
    gone = request(0, source_principal=caller, destination_principal=server)
    made = view(feed(requests=[request(1), gone]))
    (edge,) = made.picture.edges.values()

    told = edge["principals"]
    assert (len(told["source"]), len(told["destination"])) == (1, 1)
    assert caller not in told["source"]
    assert server not in told["destination"]


def test_the_scope_keeps_neighbours_and_marks_them() -> None:
    state = feed(
        requests=[
            request(1),
            request(1, namespace="smm-demo"),
            request(1, target="movies-v1", destination_workload_namespace="smm-demo"),
        ]
    )

    made = view(state, "workload", "smm-demo")
    outside = {n["name"] for n in made.picture.nodes.values() if n["outside"]}
    assert outside == {"productpage-v1"}
    assert len(made.picture.edges) == 2
