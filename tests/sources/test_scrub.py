"""Pseudonyms: stable, one to one, and with everything the graph reads out of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.identity import parse_link, service_node
from graph.core.naming import proxy_kind
from graph.sources.scrub import WELL_KNOWN, Scrubber
from tests.make import labels


@pytest.mark.parametrize("name", sorted(WELL_KNOWN - {""}))
def test_words_that_everybody_knows_stay(name: str) -> None:
    scrubber = Scrubber("all")

    assert scrubber.name(name) == scrubber.host(name) == scrubber.principal(name) == name


@pytest.mark.parametrize(
    ("host", "hidden"),
    [
        ("reviews.bookinfo.svc.cluster.local", "name-1.name-2.svc.cluster.local"),
        ("reviews.bookinfo.svc.cluster.local:9080", "name-1.name-2.svc.cluster.local:9080"),
        ("reviews.bookinfo.svc.corp.example", "name-1.name-2.svc.host-1.host-2"),
        ("reviews.bookinfo.svc", "name-1.name-2.svc"),
        ("reviews.bookinfo.global", "name-1.name-2.global"),
        ("api.stripe.com", "host-1.host-2.com"),
        ("api.stripe.com:443", "host-1.host-2.com:443"),
        ("*.wikipedia.org", "*.host-1.org"),
        ("172.17.0.12:15090", "240.0.0.1:15090"),
        ("[2001:db8::5]:443", "240.0.0.1:443"),
        ("ratings", "name-1"),
    ],
)
def test_hosts_keep_their_shape(host: str, hidden: str) -> None:
    assert Scrubber("all").name(host) == hidden


def test_names_of_the_cluster_stay_where_only_hosts_are_hidden() -> None:
    scrubber = Scrubber("hosts")
    hidden = scrubber.labels(labels(destination_service_name="api.stripe.com"))

    assert hidden["destination_workload"] == "reviews-v1"
    assert hidden["destination_service"] == "reviews.bookinfo.svc.cluster.local"
    assert hidden["destination_service_name"] == "host-1.host-2.com"
    assert hidden["destination_principal"] == "spiffe://cluster.local/ns/bookinfo/sa/account-2"


@pytest.mark.parametrize(
    ("principal", "hidden"),
    [
        ("spiffe://cluster.local/ns/a/sa/b", "spiffe://cluster.local/ns/name-1/sa/account-1"),
        ("spiffe://corp.net/ns/a/sa/default", "spiffe://trust-1/ns/name-1/sa/default"),
        ("cluster.local/ns/a/sa/b", "cluster.local/ns/name-1/sa/account-1"),
        ("CN=somebody", "principal-1"),
    ],
)
def test_identities_keep_their_shape(principal: str, hidden: str) -> None:
    assert Scrubber("all").principal(principal) == hidden


def test_one_name_is_one_pseudonym_wherever_it_stands() -> None:
    hidden = Scrubber("all").labels(labels())

    app = hidden["destination_canonical_service"]
    assert hidden["destination_workload"] == f"{app}-v1"
    assert hidden["destination_service_name"] == app
    assert hidden["destination_service"].startswith(f"{app}.")
    assert hidden["destination_service_namespace"] == hidden["source_workload_namespace"]


@pytest.mark.parametrize(
    "name",
    ["shop-ingressgateway", "east-waypoint", "shop-gateway-istio", "reviews", "egressgateway"],
)
def test_gateways_and_waypoints_are_still_told_apart(name: str) -> None:
    assert proxy_kind("ns", Scrubber("all").name(name)) == proxy_kind("ns", name)


@pytest.mark.parametrize("service", ["api.stripe.com", "PassthroughCluster", "reviews"])
def test_services_stay_what_they_are(service: str) -> None:
    seen = labels(destination_service_name=service)

    kinds = [
        service_node(parse_link(each)[0].service).kind
        for each in (seen, Scrubber("all").labels(seen))
    ]

    assert kinds[0] == kinds[1]


def test_words_of_the_protocol_stay() -> None:
    told = {"reporter": "waypoint", "response_code": "503", "response_flags": "UF,URX", "le": "0.5"}

    assert Scrubber("all").labels(told) == told


@pytest.mark.parametrize("extent", ["hosts", "all"])
def test_a_label_nobody_knows_is_hidden(extent: str) -> None:
    scrubber = Scrubber(extent)  # type: ignore[arg-type]  # one of the two

    assert scrubber.labels({"request_operation": "GET /secret"}) == {"request_operation": "value-1"}


NAMES = st.text(st.sampled_from("ab.:-v1*"), max_size=8) | st.text(max_size=6)


@pytest.mark.parametrize("kind", ["name", "host", "principal"])
@given(names=st.lists(NAMES, unique=True, max_size=12))
def test_different_names_never_become_one(kind: str, names: list[str]) -> None:
    hide = getattr(Scrubber("all"), kind)
    hidden = [hide(name) for name in names]

    assert len(set(hidden)) == len(names)
    assert hidden == [hide(name) for name in names]
