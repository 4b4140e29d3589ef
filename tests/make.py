"""Plain builders of samples and readings, with the defaults of an ordinary sidecar mesh."""

from collections.abc import Sequence
from typing import Any

from graph.core import engine
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.readings import Readings, read_fast, read_slow
from graph.core.samples import Harvest, Sample
from graph.core.wire import Edge, GraphType, Node

AT = 1_700_000_000.0


def labels(
    source: str = "productpage-v1",
    target: str = "reviews-v1",
    reporter: str = "destination",
    namespace: str = "bookinfo",
    **more: str,
) -> dict[str, str]:
    """Return the labels of one series; ``more`` overrides, and None-like "" stays as it is."""
    app, _, version = source.rpartition("-")
    target_app, _, target_version = target.rpartition("-")
    made = {
        "reporter": reporter,
        "source_cluster": "Kubernetes",
        "source_workload": source,
        "source_workload_namespace": namespace,
        "source_canonical_service": app,
        "source_canonical_revision": version,
        "source_principal": f"spiffe://cluster.local/ns/{namespace}/sa/{app}",
        "destination_cluster": "Kubernetes",
        "destination_workload": target,
        "destination_workload_namespace": namespace,
        "destination_canonical_service": target_app,
        "destination_canonical_revision": target_version,
        "destination_principal": f"spiffe://cluster.local/ns/{namespace}/sa/{target_app}",
        "destination_service": f"{target_app}.{namespace}.svc.cluster.local",
        "destination_service_name": target_app,
        "destination_service_namespace": namespace,
        "request_protocol": "http",
        "connection_security_policy": "unknown" if reporter == "source" else "mutual_tls",
    }
    return {**made, **more}


def request(rps: float, **more: str) -> Sample:
    """Return one series of istio_requests_total."""
    outcome = {"response_code": "200", "response_flags": "-"}
    return Sample(labels(**{**outcome, **more}), rps)


def tcp(bps: float, **more: str) -> Sample:
    """Return one series of a TCP byte counter."""
    return Sample(labels(**{"request_protocol": "tcp", **more}), bps)


def unanswered(rps: float, flags: str = "UH", code: str = "503", **more: str) -> Sample:
    """Return a client-side series of requests for which no workload was chosen."""
    nobody = {
        "destination_workload": "unknown",
        "destination_workload_namespace": "unknown",
        "destination_canonical_service": "unknown",
        "destination_canonical_revision": "latest",
        "destination_cluster": "unknown",
        "destination_principal": "unknown",
    }
    made = labels(reporter="source", response_code=code, response_flags=flags, **more)
    return Sample({**made, **nobody}, rps)


def buckets(rates: dict[str, float], **more: str) -> list[Sample]:
    """Return the bucket series of one histogram, by the text of ``le``."""
    return [Sample(labels(**more, le=le), rate) for le, rate in rates.items()]


def harvest(at: float = AT, series: int | None = None, **answers: Sequence[Sample]) -> Harvest:
    """Return what a source would hand over."""
    return Harvest(at, answers, query_ms=1.0, queries=len(answers), istio_series=series)


def readings(window_s: int = 60, **answers: Sequence[Sample]) -> Readings:
    """Return the readings of both lanes."""
    got = harvest(**answers)
    return Readings(AT, window_s, read_fast(got), read_slow(got))


def feed(at: float = AT, window_s: int = 60, **answers: Sequence[Sample]) -> FeedState:
    """Return a feed that has just absorbed these answers in both lanes."""
    state = engine.start_feed(window_s, 5.0)
    got = harvest(at, **answers)
    state = engine.absorb_fast(state, got, 15.0, at)
    return engine.absorb_slow(state, got, read_slow(got), at + 5, at)


def view(state: FeedState, graph_type: GraphType = "workload", *namespaces: str) -> ViewState:
    """Return a view of the feed as its first viewer gets it."""
    spec = ViewSpec(graph_type, state.window_s, tuple(sorted(namespaces)))
    return engine.render(None, state, spec, "epoch")[0]


def only_edge(state: FeedState, graph_type: GraphType = "workload") -> Edge:
    """Return the edge of a view that has just one."""
    (edge,) = view(state, graph_type).picture.edges.values()
    return edge


def node_named(made: ViewState, name: str, **more: Any) -> Node:
    """Return the one node with this name and these fields."""
    (node,) = (
        node
        for node in made.picture.nodes.values()
        if node["name"] == name and all(node[key] == value for key, value in more.items())  # type: ignore[literal-required]
    )
    return node
