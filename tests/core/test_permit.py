"""Who may see some namespaces alone learns nothing of the others, and sees the same numbers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.origins import origins
from graph.core.permit import (
    EVERYTHING,
    NOTHING,
    allows,
    covers,
    host_namespace,
    permit_of,
    principal_namespace,
)
from graph.core.samples import Sample
from graph.sources import explain
from graph.sources.naming import Naming
from graph.sources.shape import PLAIN
from tests.core.meshes import WINDOW_S, Call, absorbed, answers, folded_looks, mapped, meshes
from tests.make import feed, request, tcp, unanswered

MARK = "hidden"
SHOP = (("shop",),)
ALL = ViewSpec("workload", WINDOW_S, ())


def marked(sample: Sample) -> list[Sample]:
    """Return the series with a mark in every name that belongs to the bank."""
    labels = dict(sample.labels)
    for end in ("source", "destination"):
        if labels.get(f"{end}_workload_namespace") == "bank":
            for name in ("workload", "canonical_service", "canonical_revision"):
                if labels.get(f"{end}_{name}", "unknown") not in ("unknown", "latest", ""):
                    labels[f"{end}_{name}"] = f"{MARK}-{labels[f'{end}_{name}']}"
            labels[f"{end}_workload_namespace"] = "hidden-bank"
            labels[f"{end}_principal"] = "spiffe://cluster.local/ns/hidden-bank/sa/hidden-one"
    if labels.get("destination_service_namespace") == "bank":
        labels["destination_service_namespace"] = "hidden-bank"
        labels["destination_service_name"] = f"{MARK}-service"
        labels["destination_service"] = f"{MARK}-service.hidden-bank.svc.cluster.local"
    return [Sample(labels, sample.value)]


class Asked:
    """A source that is asked how many series there are."""

    naming = Naming()
    shape = PLAIN

    def ask(self, query: str, at: float) -> list[Any]:
        return []

    def page_url(self, query: str, *times: float) -> str:
        return f"http://prometheus/{query}"


def explained(state: engine.FeedState, view: engine.ViewState) -> Iterator[str]:
    """Yield every query behind every entity of a view."""
    assert state.readings is not None
    found = origins(state.readings, view.spec.look)
    whole = engine.snapshot(view, view.status)
    for kind in ("node", "edge"):
        for entity in whole[f"{kind}s"]:  # type: ignore[literal-required]
            given = {"edge": None, "node": None, kind: entity["id"]}
            told = explain(Asked(), whole, found, **given)  # type: ignore[arg-type]
            yield orjson.dumps(told).decode()


@settings(max_examples=120, deadline=None)
@given(meshes, folded_looks)
def test_nothing_tells_a_name_of_what_lies_outside(mesh: list[Call], look: ViewSpec) -> None:
    state = absorbed(mapped(answers(mesh), marked))

    view, frame = engine.render(None, state, replace(look, permit=SHOP), "epoch")

    text = orjson.dumps(frame).decode()
    where = text.find(MARK)
    assert where < 0, text[max(0, where - 200) : where + 80]
    for told in explained(state, view):
        where = told.find(MARK)
        assert where < 0, told[max(0, where - 200) : where + 80]


@settings(max_examples=100)
@given(meshes, folded_looks, st.booleans())
def test_what_lies_inside_has_the_same_numbers(
    mesh: list[Call], look: ViewSpec, is_idle: bool
) -> None:
    state = absorbed(answers(mesh))
    look = replace(look, idle=is_idle, operations=False)
    whole, _ = engine.render(None, state, look, "epoch")
    seen, _ = engine.render(None, state, replace(look, permit=SHOP), "epoch")

    for name, edge in seen.picture.edges.items():
        if "z/" in name:
            continue
        assert {**whole.picture.edges[name], "principals": 0, "hosts": 0} == {
            **edge,
            "principals": 0,
            "hosts": 0,
        }
    inside = {n for n, node in whole.picture.nodes.items() if node["namespace"] == "shop"}
    assert inside == {n for n, node in seen.picture.nodes.items() if node["namespace"] == "shop"}


@settings(max_examples=60)
@given(meshes, folded_looks)
def test_a_pattern_that_fits_all_hides_no_namespace(mesh: list[Call], look: ViewSpec) -> None:
    state = absorbed(answers(mesh))
    whole, _ = engine.render(None, state, look, "epoch")
    seen, _ = engine.render(None, state, replace(look, permit=(("bank", "shop", "?*"),)), "epoch")

    # Peers without a namespace are nobody's, and only who may see all sees them.
    whole_nodes, seen_nodes = (
        {n for n, node in view.picture.nodes.items() if node["namespace"]} for view in (whole, seen)
    )
    assert whole_nodes == seen_nodes


def shown(permit: tuple[tuple[str, ...], ...], **look: Any) -> engine.ViewState:
    elsewhere = {"destination_workload_namespace": "bank", "destination_service_namespace": "bank"}
    from_bank = {"source_workload_namespace": "bank"}
    state = feed(
        requests=[
            request(3, source="web-v1", target="cart-v1", namespace="shop"),
            request(5, source="web-v1", target="pay-v1", namespace="shop", **elsewhere),
            request(7, source="cart-v1", target="risk-v1", namespace="shop", **elsewhere),
            request(11, source="atm-v1", target="cart-v1", namespace="shop", **from_bank),
            request(13, source="atm-v1", target="vault-v1", namespace="bank"),
            unanswered(1, source="web-v1", namespace="shop", destination_service_namespace="bank"),
        ],
        tcp_sent=[tcp(17, source="atm-v1", target="db-v1", namespace="bank")],
    )
    spec = ViewSpec(look.pop("graph_type", "workload"), 60, (), permit=permit, **look)
    return engine.render(None, state, spec, "epoch")[0]


def test_neighbours_outside_are_one_node_for_callers_and_one_for_callees() -> None:
    view = shown(SHOP)

    kinds = {node["id"]: node["kind"] for node in view.picture.nodes.values()}
    assert sorted(kinds.values()) == ["outside", "outside", "workload", "workload"]
    rates = {
        (kinds[e["source"]], kinds[e["target"]], e["rps"]) for e in view.picture.edges.values()
    }
    # web calls two services of the bank, one of which does not answer; the two are one edge.
    assert rates == {
        ("workload", "workload", 3.0),
        ("workload", "outside", 6.0),
        ("workload", "outside", 7.0),
        ("outside", "workload", 11.0),
    }
    assert view.namespaces == ("shop",)


def test_nodes_outside_have_no_name_no_place_and_no_health_of_their_own() -> None:
    for node in shown(SHOP).picture.nodes.values():
        if node["kind"] == "outside":
            assert (node["name"], node["health"], node["outside"]) == ("outside", "unknown", True)
            assert not any(node[field] for field in ("namespace", "workload", "app", "cluster"))
            assert (node["versions"], node["principals"]) == ([], [])


@pytest.mark.parametrize("graph_type", ["app", "versioned_app", "service", "namespace"])
def test_every_type_of_graph_has_its_outside(graph_type: str) -> None:
    nodes = shown(SHOP, graph_type=graph_type).picture.nodes.values()

    assert {node["namespace"] for node in nodes if node["kind"] != "outside"} == {"shop"}
    assert sum(node["kind"] == "outside" for node in nodes) == 2


def test_who_may_see_nothing_is_told_so() -> None:
    view = shown(NOTHING)

    assert not view.picture.nodes
    assert (view.status["state"], view.status["reason"]) == ("empty", "not_permitted")
    assert view.namespaces == ()


def test_who_asks_for_a_namespace_outside_gets_what_nobody_has() -> None:
    secret = replace(ALL, namespaces=("bank",), permit=SHOP)
    nowhere = replace(ALL, namespaces=("bunk",), permit=SHOP)
    state = feed(requests=[request(3, namespace="bank"), request(3, namespace="shop")])

    told, never = (engine.render(None, state, spec, "e")[0] for spec in (secret, nowhere))

    assert not told.picture.nodes
    assert told.status["detail"].replace("bank", "bunk") == never.status["detail"]


def test_hosts_of_services_outside_are_nobodys_and_others_are_told() -> None:
    nobody = {"destination_workload": "unknown", "destination_workload_namespace": "unknown"}
    nobody |= {"destination_canonical_service": "unknown", "destination_service_namespace": ""}
    state = feed(
        requests=[
            request(1, namespace="shop", destination_service_name=host, **nobody)
            for host in ("api.stripe.com", "vault.bank.svc.cluster.local", "x.shop.svc.local")
        ]
    )

    view = engine.render(None, state, replace(ALL, permit=SHOP), "e")[0]

    names = {node["name"] for node in view.picture.nodes.values()}
    assert names == {"productpage-v1", "api.stripe.com", "x.shop.svc.local", "outside"}


def test_patterns_let_in_what_they_fit() -> None:
    permit = permit_of(["shop-*", "ui"])
    assert [allows(permit, name) for name in ("shop-eu", "ui", "shop", "ui-2", "", "xshop-1")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert permit_of(["a", "*"]) == EVERYTHING
    assert allows(EVERYTHING, "")
    assert not allows(NOTHING, "shop")


def test_two_permits_let_in_what_both_do() -> None:
    permit = (("shop-*",), ("bank", "shop-eu"))
    assert [allows(permit, name) for name in ("shop-eu", "shop-us", "bank")] == [True, False, False]


def test_a_permit_covers_what_is_no_wider() -> None:
    shop, two = permit_of(["shop"]), permit_of(["shop", "bank"])
    assert covers(two, shop)
    assert not covers(shop, two)
    assert covers(EVERYTHING, two)
    assert not covers(two, EVERYTHING)
    assert covers(two, (*shop, ("other",)))
    assert covers(two, NOTHING)


@pytest.mark.parametrize(
    ("host", "namespace"),
    [
        ("pod-0.s14.bank.svc.cluster.local", "bank"),
        ("outbound_.80_._.s10.bank.svc.cluster.local", "bank"),
        ("outbound|80|v1|s10.bank.svc.cluster.local", "bank"),
        ("S6.Bank.SVC.cluster.local", "bank"),
        ("s6.bank.svc", "bank"),
        ("s6.bank.svc:8080", "bank"),
        ("s6.bank.svc.cluster.local.", "bank"),
        ("s4.bank", "bank"),
        ("s4.bank:80", "bank"),
        ("10-0-0-1.bank.pod.cluster.local", "bank"),
        ("10-0-0-1.bank.pod", "bank"),
        ("10-0-0-1.bank.pod.cluster.local:8080", "bank"),
        ("10-0-0-1.s6.bank.svc.cluster.local", "bank"),
        ("_http._tcp.s6.bank.svc.cluster.local", "bank"),
        ("http://s6.bank.svc/", "bank"),
        ("https://ada@s6.bank.svc:8443/a.b.svc?c", "bank"),
        ("[s4.bank]", "bank"),
        ("s4%2ebank", "bank"),
        ("s6%2Ebank%2Esvc", "bank"),
        ("pod.example.com", ""),
        ("https://example.com/s6.bank.svc", "bank"),
        ("bank/s6.bank.svc.cluster.local", "bank"),
        ("*.bank.svc.cluster.local", "bank"),
        ("a?s6.bank.svc", "bank"),
        ("https://example.com/a/b", ""),
        ("[2001:db8::1]:80", ""),
        ("10.0.0.1", ""),
        ("example.com", ""),
        ("a.b.example.com", ""),
        ("svc.example.com", ""),
        ("", ""),
    ],
)
def test_hosts_are_known_in_every_spelling(host: str, namespace: str) -> None:
    assert host_namespace(host, {"bank", "shop"}) == namespace


@pytest.mark.parametrize(
    "host",
    [
        *("pod-0.s14.bank.svc.cluster.local", "s4.bank", "S6.Bank.SVC.cluster.local"),
        "outbound_.80_._.s10.bank.svc.cluster.local",
        *("10-0-0-1.bank.pod.cluster.local:8080", "10-0-0-1.bank.pod", "http://s4.bank/"),
    ],
)
def test_services_outside_are_nobody_in_every_spelling(host: str) -> None:
    nobody = {"destination_workload": "unknown", "destination_workload_namespace": "unknown"}
    nobody |= {"destination_canonical_service": "unknown", "destination_service_namespace": ""}
    state = feed(
        requests=[
            request(1, namespace="bank"),
            request(2, namespace="shop", destination_service_name=host, **nobody),
            request(
                3,
                namespace="shop",
                destination_service=host,
                **{**nobody, "destination_service_name": "PassthroughCluster"},
            ),
        ]
    )
    view, frame = engine.render(None, state, replace(ALL, permit=SHOP), "e")

    assert "bank" not in orjson.dumps(frame).decode().lower()
    for told in explained(state, view):
        assert "bank" not in told.lower()


def test_namespaces_are_read_out_of_hosts_and_identities() -> None:
    assert host_namespace("reviews.shop.svc.cluster.local") == "shop"
    assert host_namespace("reviews.shop.global") == "shop"
    assert host_namespace("reviews.shop") == ""
    assert host_namespace("api.example.com") == ""
    assert principal_namespace("spiffe://td/ns/shop/sa/web") == "shop"
    assert principal_namespace("cluster.local/ns/shop/sa/web") == "shop"
    assert principal_namespace("spiffe://td/web") == ""
