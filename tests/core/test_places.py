"""Where the ends of a link are drawn when nobody answered, or nobody knows who called."""

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
