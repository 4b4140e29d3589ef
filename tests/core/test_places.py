"""Where the ends of a link are drawn when nobody answered, or nobody knows who called."""

from graph.core.samples import Sample
from tests.make import feed, node_named, request, tcp, unanswered, view

NOBODY = {
    "source_workload": "unknown",
    "source_canonical_service": "unknown",
    "source_canonical_revision": "latest",
}


def test_in_a_graph_of_namespaces_a_service_without_answer_is_its_namespace() -> None:
    elsewhere = {"destination_service_namespace": "shop"}
    made = view(feed(requests=[unanswered(2, **elsewhere)]), "namespace")

    shop = node_named(made, "shop")
    assert (shop["id"], shop["kind"], shop["in"]["rps"]) == ("n/Kubernetes/shop", "namespace", 2)


def test_in_a_graph_of_namespaces_a_host_is_still_a_host() -> None:
    host = {
        "destination_service_name": "api.stripe.com",
        "destination_service_namespace": "shop",
    }
    made = view(feed(requests=[unanswered(2, **host)]), "namespace")

    assert node_named(made, "api.stripe.com")["kind"] == "external"


def test_a_nameless_caller_of_a_known_namespace_is_that_namespace() -> None:
    nameless = {**NOBODY, "source_workload_namespace": "shop", "source_cluster": "east"}
    state = feed(requests=[request(3, **nameless)])

    shop = node_named(view(state, "namespace"), "shop")
    assert (shop["id"], shop["kind"], shop["versions"]) == ("n/east/shop", "namespace", [])
    assert node_named(view(state), "unknown")["namespace"] == "shop"


def test_a_target_without_any_name_is_unknown_in_its_callers_cluster() -> None:
    nowhere = {
        "destination_workload": "unknown",
        "destination_canonical_service": "unknown",
        "destination_workload_namespace": "unknown",
        "destination_cluster": "unknown",
        "destination_principal": "unknown",
        "destination_service": "unknown",
        "destination_service_name": "unknown",
        "destination_service_namespace": "unknown",
    }
    made = view(feed(tcp_sent=[tcp(700, reporter="source", **nowhere)]))

    node = node_named(made, "unknown")
    assert (node["id"], node["cluster"]) == ("u/Kubernetes", "Kubernetes")
    assert node["in"]["sent_bps"] == 700


def test_a_service_is_drawn_once_however_many_call_it() -> None:
    made = view(
        feed(
            requests=[
                request(1),
                request(1, target="reviews-v2"),
                unanswered(2),
                unanswered(3, source="cart-v1"),
            ]
        )
    )

    assert node_named(made, "reviews", kind="service")["in"]["rps"] == 5


def services(*calls: Sample) -> dict[str, float | None]:
    """Return the nodes of a graph of services that are called, with their rates."""
    nodes = view(feed(requests=[*calls]), "service").picture.nodes.values()
    return {node["name"]: node["in"]["rps"] for node in nodes if node["in"]["rps"]}


NO_SERVICE = {"destination_service": "unknown", "destination_service_name": "unknown"}
HOST = {"destination_service": "api.shop.example", "destination_service_name": "api.shop.example"}


def test_a_pod_that_is_called_itself_is_its_service() -> None:
    assert services(request(5), request(2, source="job-v1", **NO_SERVICE)) == {"reviews": 7}


def test_a_pod_that_no_service_leads_to_is_its_app() -> None:
    made = view(feed(requests=[request(2, **NO_SERVICE)]), "service")

    node = node_named(made, "reviews")
    assert (node["kind"], node["in"]["rps"]) == ("app", 2)


def test_a_host_name_that_leads_to_a_service_of_the_mesh_is_that_service() -> None:
    assert services(request(5), request(2, source="job-v1", **HOST)) == {"reviews": 7}


def test_a_host_name_that_leads_to_nothing_else_is_itself() -> None:
    assert services(request(2, **HOST)) == {"api.shop.example": 2}


def test_the_busiest_service_is_that_of_all_callers_together() -> None:
    calls = [
        request(3, source="a-v1", destination_service_name="ape"),
        request(3, source="b-v1", destination_service_name="ape"),
        request(5, source="c-v1", destination_service_name="zebra"),
        request(1, source="reviews-v1", target="ratings-v1"),
    ]
    made = view(feed(requests=calls), "service")

    assert node_named(made, "ape")["out"]["rps"] == 1
