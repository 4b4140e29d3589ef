"""A made-up mesh of any size, shaped like published ones. Same size and seed, same mesh.

`synth_shape` has who calls whom: 13 % entries, 39 % leaves, out-degrees by a Pareto law, callees by
a Zipf law, a quarter of the edges TCP to databases and caches, namespaces of very different sizes.
`synth_load` has how often, and how often in vain.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from graph.demo.synth_load import GATEWAY, entry_call, inner_calls
from graph.demo.synth_shape import Node, draw_links, draw_nodes
from graph.demo.topology import Latency, Service, Topology, Workload

SMALLEST, LARGEST = 10, 10_000
# Up to here, services have a second pod now and then ...
ROOMY = 200
# ... and beyond this, proxies are set up as owners of big meshes do it, since one scrape would
# otherwise bring three million series: fewer histogram bounds (the annotation
# sidecar.istio.io/statsHistogramBuckets) and no sizes (disabled by the Telemetry API).
FULL_TELEMETRY = 1000
FEW_BOUNDS = (1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0, 5000.0, 10000.0)
# One gateway serves so many entries.
ENTRIES_PER_GATEWAY = 300
# Services with a canary beside the version that serves nine requests in ten.
CANARY_SHARE = 0.08


def synthesize(services: int, seed: int) -> Topology:
    """Return a mesh of this many services, called through ingress gateways.

    The first gateway is the named applications' own and not part of what is returned.
    """
    rng = np.random.default_rng([seed, services])
    nodes = draw_nodes(services, rng)
    links = draw_links(nodes, rng)
    workloads = {node.key: _workloads(node, services, rng) for node in nodes}
    entries = [node for node in nodes if node.level == 0]
    gateways = _gateways(len(entries))
    doors = (GATEWAY, *(gateway.key for gateway in gateways))
    calls = [entry_call(node, doors[i % len(doors)], rng) for i, node in enumerate(entries)]
    return Topology(
        workloads=(*gateways, *(workload for pair in workloads.values() for workload in pair)),
        services=tuple(_service(node, workloads[node.key]) for node in nodes),
        calls=(*calls, *inner_calls(nodes, links, calls, workloads, rng)),
    )


def scrape_interval_s(services: int) -> float:
    """Return how often a Prometheus beside this mesh on one small machine can scrape it.

    Counted in series: about 10,000 a second is what a core does beside its other work.
    """
    if services <= 300:
        return 5.0
    return 15.0 if services <= FULL_TELEMETRY else 60.0


def _gateways(entries: int) -> list[Workload]:
    """Return the gateways beside the first that so many entries need."""
    names = [f"ingress-{n}" for n in range(2, -(-entries // ENTRIES_PER_GATEWAY) + 1)]
    return [
        Workload(
            namespace="istio-ingress",
            name=name,
            app=name,
            version="",
            canonical=name,
            revision="latest",
            service_account=name,
            mode="gateway",
        )
        for name in names
    ]


def _workloads(node: Node, services: int, rng: np.random.Generator) -> tuple[Workload, ...]:
    frugal = services > FULL_TELEMETRY
    first = Workload(
        namespace=node.namespace,
        name=f"{node.name}-v1",
        app=node.name,
        version="v1",
        canonical=node.name,
        revision="v1",
        service_account=node.name,
        pods=2 if services <= ROOMY and rng.random() < 0.2 else 1,
        latency=Latency(
            median_ms=float(np.clip(np.exp(rng.normal(1.2, 0.7)), 0.3, 60)),
            sigma=float(rng.uniform(0.5, 0.9)),
            tail=float(rng.uniform(0.0, 0.03)),
        ),
        buckets=FEW_BOUNDS if frugal else (),
        sizes=not frugal,
    )
    if node.protocol == "tcp" or rng.random() > CANARY_SHARE:
        return (first,)
    return (first, replace(first, name=f"{node.name}-v2", version="v2", revision="v2"))


def _service(node: Node, workloads: Sequence[Workload]) -> Service:
    shares = (90.0, 10.0)
    return Service(
        namespace=node.namespace,
        name=node.name,
        host=f"{node.name}.{node.namespace}.svc.cluster.local",
        split=tuple((w.key, share) for w, share in zip(workloads, shares, strict=False)),
    )
