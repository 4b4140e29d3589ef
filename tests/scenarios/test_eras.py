"""Nine generations of Istio: one graph, whoever reports, and in whatever words."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.flows import bytes_near, flow, near
from tests.scenarios.recorded import Graph, Recorded

ERAS = case("eras", load=2)
MIXER = case("mixer", load=2)
EARLY = case("mixer-early", load=2)


def apps(scene: Recorded) -> dict[str, str]:
    """Return every workload's app, the only name that all generations know."""
    truth = scene.truth()
    parties = [line["source"] for line in truth["edges"]]
    parties += [line["destination"] for line in truth["edges"] if line["destination"]]
    return {party["workload"]: party["canonical_service"] for party in parties}


@pytest.mark.scene(ERAS)
def test_every_call_is_one_edge_whatever_its_two_ends_speak(scene: Recorded) -> None:
    named = apps(scene)
    graph = Graph(scene.view("app"))
    called = {
        (named[line["source"]["workload"]], line["service_name"], line["protocol"])
        for line in scene.truth()["edges"]
    }

    assert set(graph.edges) == called


@pytest.mark.scene(ERAS)
def test_rates_errors_and_bytes_are_true_in_every_generation(scene: Recorded) -> None:
    named = {app: workload for workload, app in apps(scene).items()}
    for (source, target, protocol), edge in Graph(scene.view("app")).edges.items():
        true = flow(scene.truth(), source=named[source], service=target)
        if protocol == "tcp":
            assert edge["sent_bps"] == bytes_near(true.sent_bps), edge["id"]
        else:
            assert edge["rps"] == near(true.rps), edge["id"]
            ratio = pytest.approx(true.error_ratio, rel=0.1, abs=0.02)
            assert edge["error_ratio"] == ratio, edge["id"]


@pytest.mark.scene(ERAS)
def test_latency_is_in_milliseconds_in_every_generation(scene: Recorded) -> None:
    named = {app: workload for workload, app in apps(scene).items()}
    for (source, target, protocol), edge in Graph(scene.view("app")).edges.items():
        if protocol == "tcp":
            continue
        true = flow(scene.truth(), source=named[source], service=target, reached="yes")
        (line,) = true.lines
        assert line["server_ms"] is not None
        mean, p50 = line["server_ms"]["mean_whole"], line["server_ms"]["p50"]
        assert edge["latency_ms"]["avg"] == pytest.approx(mean, rel=0.25, abs=1), edge["id"]
        # Mixer's buckets are as coarse as 5 ms at the bottom.
        assert edge["latency_ms"]["p50"] == pytest.approx(p50, rel=0.5, abs=4), edge["id"]


@pytest.mark.scene(ERAS)
def test_the_generations_are_named(scene: Recorded) -> None:
    scene.view()
    facts = scene.source.facts()

    assert {found["era"] for found in facts["eras"]} == {"mixer-0", "mixer-1", "wasm", "native"}
    assert {found["version"] for found in facts["istio_versions"]} >= {"1.24.2"}


@pytest.mark.scene(MIXER)
def test_mixer_alone_is_true(scene: Recorded) -> None:
    graph = Graph(scene.view())

    for source, target in (
        ("istio-ingressgateway", "front"),
        ("front", "back-v1"),
        ("front", "back-v2"),
        ("front", "api.example.com"),
    ):
        protocol = "grpc" if target.startswith("back") else "http"
        true = flow(scene.truth(), source=source, target=target)
        assert graph.edge(source, target, protocol)["rps"] == near(true.rps)
    # Before 1.5 the way into the gateway was told, too.
    assert graph.edge("unknown", "istio-ingressgateway")["mtls"]["state"] == "plaintext"
    assert graph.edge("front", "back", "grpc")["error_ratio"] == 1.0


@pytest.mark.scene(MIXER)
def test_mixer_alone_is_all_that_is_named(scene: Recorded) -> None:
    scene.view()

    assert {found["era"] for found in scene.source.facts()["eras"]} == {"mixer-1"}


@pytest.mark.scene(EARLY)
def test_before_there_was_a_reporter_servers_speak_for_every_edge(scene: Recorded) -> None:
    graph = Graph(scene.view("app"))

    for source, app, target in (
        ("istio-ingress", "istio-ingress", "front"),
        ("front", "front", "back"),
        ("front", "front", "cache"),
    ):
        true = flow(scene.truth(), source=source, service=target)
        edge = graph.edge(app, target)
        assert edge["reporter"] == "destination"
        assert edge["rps"] == near(true.rps)
        # Garbage for a code is no error, as long as nobody says that it is one.
        assert edge["error_ratio"] == pytest.approx(true.error_ratio, rel=0.1, abs=0.015)
    assert graph.edge("unknown", "cache")["mtls"]["state"] == "plaintext"
    store = graph.edge("back", "store", "tcp")
    assert store["sent_bps"] == bytes_near(flow(scene.truth(), service="store").sent_bps)
