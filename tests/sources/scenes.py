"""The small meshes that the tests of this folder ask a real Prometheus about."""

from tests.sources.stored import SPAN_S, Scene, call, flat, pod, steady

WINDOW_S = 60
MIXER = {"job": "istio-mesh", "instance": "10.0.0.9:42422"}
API = "api-6b5c7d8f9-zzzzz"


def births() -> list[Scene]:
    """Series that begin, end and come back; ``busy`` is there so that the mesh is never empty."""
    old = pod(API)
    gap = {**steady(1, end=-400), **steady(1, start=-45, first=1e6)}
    short_gap = {**steady(1, end=-150), **steady(1, start=-75, first=1e6)}
    return [
        Scene("short-job").requests(old, flat(3, start=-30)),
        Scene("short-job-gone").requests(old, flat(3, start=-45, end=-30)),
        Scene("one-sample").requests(old, flat(3, start=0)),
        Scene("evicted").requests(old, {**flat(5000, end=-600), **flat(2, start=-30)}),
        Scene("new-target")
        .requests(old, flat(1e6, start=-30))
        .add("up", {**_bare(old), "scene": "new-target"}, flat(1, start=-30)),
        Scene("was-down")
        .requests(old, {**flat(1e6, end=-600), **flat(1e6, start=-30)})
        .add(
            "up",
            {**_bare(old), "scene": "was-down"},
            {**flat(1, end=-600), **flat(0, start=-585, end=-45), **flat(1, start=-30)},
        ),
        Scene("prometheus-restart")
        .requests(old, short_gap)
        .add(
            "up",
            {**_bare(old), "scene": "prometheus-restart"},
            {**flat(1, end=-150), **flat(1, start=-75)},
        ),
        Scene("prometheus-was-away")
        .requests(old, gap)
        .add(
            "up",
            {**_bare(old), "scene": "prometheus-was-away"},
            {**flat(1, end=-400), **flat(1, start=-45)},
        ),
        Scene("reset").requests(
            old, {**steady(1, end=-45, first=1e6), **steady(1, start=-30, first=0)}
        ),
        Scene("connections")
        .add(
            "istio_tcp_connections_opened_total",
            {**call(request_protocol="tcp"), **old},
            flat(6, start=-30),
        )
        .add("istio_tcp_sent_bytes_total", {**call(request_protocol="tcp"), **old}, steady(10)),
        # Ten a second since 40 s ago: rate() finds the beginning by itself.
        Scene("new-edge").requests(old, {-30: 100, -15: 250, 0: 400}),
        # Federated: `up` speaks of the other Prometheus.
        Scene("federated").requests(
            {
                "job": "federate",
                "instance": "prom:9090",
                "exported_instance": API,
                "exported_job": "p",
            },
            flat(1e6, start=-30),
        ),
    ]


def _bare(scraped: dict[str, str]) -> dict[str, str]:
    return {name: scraped[name] for name in ("job", "instance")}


def copies() -> list[Scene]:
    """Series that are stored more than once, and some that only look like it."""
    annotated = pod(API, app="api", team="shop")
    monitored = {
        **pod(API, job="envoy-stats", container="istio-proxy", endpoint="http-envoy-prom"),
        "instance": f"{API}:15090",
    }
    two = [{"prometheus_replica": replica} for replica in ("a", "b")]
    made = [
        Scene("two-jobs").requests(annotated, steady(2)).requests(monitored, steady(2, first=990)),
        Scene("two-jobs-birth")
        .requests(annotated, {-30: 3, -15: 5, 0: 9})
        .requests(monitored, {-15: 4, 0: 9}),
        Scene("ha")
        .requests({**annotated, **two[0]}, steady(2))
        .requests({**annotated, **two[1]}, steady(2)),
        Scene("federation-beside")
        .requests(annotated, steady(2))
        .requests(
            {
                **annotated,
                "job": "federate",
                "instance": "other:9090",
                "exported_job": "pods",
                "exported_instance": f"{API}:15020",
                "cluster": "east",
            },
            steady(2),
        ),
        Scene("two-federated-beside")
        .requests(pod("east-1"), steady(2))
        .requests(pod("west-1"), steady(2))
        .requests({**pod("east-1"), "cluster": "east"}, steady(2))
        .requests({**pod("west-1"), "cluster": "west"}, steady(2)),
        # Two pods of the same Deployment in two clusters that call themselves the same.
        Scene("two-clusters")
        .requests({**pod("db-0"), "cluster": "east"}, steady(2))
        .requests({**pod("db-0"), "cluster": "west"}, steady(2)),
        # Two Mixers share the work; nothing tells their pods.
        Scene("two-mixers")
        .requests(MIXER, steady(2))
        .requests({**MIXER, "instance": "10.0.0.10:42422"}, steady(2)),
        # A label of the operator's, which differs within one pod.
        Scene("dimension")
        .requests({**annotated, "shard": "1"}, steady(2))
        .requests({**annotated, "shard": "2"}, steady(2)),
        Scene("dimension-twice")
        .requests({**annotated, "shard": "1"}, steady(2))
        .requests({**annotated, "shard": "2"}, steady(2))
        .requests({**annotated, "shard": "1", "job": "again"}, steady(2))
        .requests({**annotated, "shard": "2", "job": "again"}, steady(2)),
        Scene("recorded-under-its-name").requests(annotated, steady(2)).requests({}, steady(2)),
        Scene("once")
        .requests(annotated, steady(2))
        .requests(pod("web-1", app="web"), steady(1), reporter="source"),
    ]
    return [*made, _waypoint_copies()]


def _waypoint_copies() -> Scene:
    scraped = pod("waypoint-7d4f8b9c6-abcde", gateway_networking_k8s_io_gateway_name="waypoint")
    scene = Scene("waypoint-copies")
    for reporter in ("waypoint", "source", "destination"):
        scene.requests(scraped, steady(2), reporter=reporter)
    return scene.requests(
        pod("web-7d4f8b9c6-abcde"), steady(3), reporter="source", destination_workload="x"
    )


def eras() -> list[Scene]:
    """Telemetry of several generations."""
    mixer_0 = {
        "source_service": "web.shop.svc.cluster.local",
        "source_version": "v1",
        "destination_service": "api.shop.svc.cluster.local",
        "destination_version": "v2",
        "response_code": "200",
        "connection_mtls": "true",
        **MIXER,
    }
    old = Scene("mixer-0").add("istio_request_count", mixer_0, steady(4))
    _histogram(old, "istio_request_duration", mixer_0, {"0.1": 2, "0.5": 4}, 0.2)
    old.add("istio_tcp_bytes_sent", {**mixer_0, "response_code": ""}, steady(100))
    principal = {"source_principal": "cluster.local/ns/shop/sa/web"}
    names = {f"{end}_canonical_service": "" for end in ("source", "destination")}
    apps = {"source_app": "web", "destination_app": "api"}
    newer = Scene("mixer-1").requests(MIXER, steady(4), **principal, **names, **apps)
    labels = {**call(**principal, **names, **apps), **MIXER}
    newer.add("istio_tcp_sent_bytes_total", {**labels, "request_protocol": "tcp"}, steady(9))
    _histogram(newer, "istio_request_duration_seconds", labels, {"0.1": 2, "0.5": 4}, 0.2)
    mixed = Scene("several-eras").add("istio_request_count", mixer_0, steady(4))
    clusters = {"source_cluster": "c1", "destination_cluster": "c1"}
    versions = {"source_canonical_revision": "v1", "destination_canonical_revision": "v2"}
    mixed.requests(
        pod(),
        steady(4),
        reporter="source",
        source_workload="web-v1",
        destination_workload="api-v2",
        **clusters,
        **versions,
    )
    mixed.requests(pod(API), steady(5), target="db", **clusters)
    mixed.requests(pod("old-1"), steady(1), source="old", target="db")
    for number, (component, tag) in enumerate(
        [("proxy", "1.24.2"), ("proxy", "1.9.1"), ("pilot", "1.24.2")]
    ):
        scraped = (pod(API), pod("old-1"), pod("istiod-1"))[number]
        mixed.add("istio_build", {"component": component, "tag": tag, **scraped}, flat(1))
    return [old, newer, mixed, *_ambient()]


def _histogram(
    scene: Scene, metric: str, labels: dict[str, str], buckets: dict[str, float], mean: float
) -> None:
    top = max(buckets.values())
    for le, rate in {**buckets, "+Inf": top}.items():
        scene.add(f"{metric}_bucket", {**labels, "le": le}, steady(rate))
    scene.add(f"{metric}_sum", labels, steady(top * mean))
    scene.add(f"{metric}_count", labels, steady(top))


def _ambient() -> list[Scene]:
    tcp = call(request_protocol="tcp", response_code="")
    by_app = {
        "job": "pods",
        "instance": "n1:15020",
        "pod": "ztunnel-x1",
        "namespace": "istio-system",
        "app": "ztunnel",
    }
    by_pod = {name: text for name, text in by_app.items() if name != "app"}
    by_job = {"job": "istio-system/ztunnel", "instance": "n1:15020"}
    sidecar = pod(API, app="api")
    made = []
    for name, scraped in (("app", by_app), ("pod", by_pod), ("job", by_job)):
        scene = Scene(f"ztunnel-by-{name}")
        for metric in (
            "istio_tcp_sent_bytes_total",
            "istio_tcp_received_bytes_total",
            "istio_tcp_connections_opened_total",
        ):
            scene.add(metric, {**tcp, **scraped}, steady(7))
            scene.add(metric, {**tcp, **sidecar}, steady(5))
        made.append(scene)
    named = pod(
        "edge-7d4f8b9c6-abcde",
        gateway_networking_k8s_io_gateway_name="edge",
        gateway_istio_io_managed="istio.io-mesh-controller",
    )
    waypoints = Scene("waypoints").requests(
        pod("by-pod-7d4f8b9c6-abcde"), steady(2), reporter="waypoint"
    )
    waypoints.requests(pod(API), steady(1))
    # This one has not passed a request yet.
    waypoints.add("istio_build", {"component": "proxy", "tag": "1.24.2", **named}, flat(1))
    classified = Scene("operations").requests(pod(API), steady(2), request_operation="GetItem")
    classified.requests(pod(API), steady(1), request_operation="")
    return [*made, waypoints, classified]


def names() -> list[Scene]:
    """Metrics and labels with other names, and what no name should look like."""
    renamed = call()
    renamed["src_workload"] = renamed.pop("source_workload")
    recorded = Scene("renamed").add("mesh:requests", {**renamed, **pod(API)}, steady(2))
    rated = Scene("rated").add(
        "mesh:request_rate", call(), {**flat(2, end=-30), **flat(5, start=-15)}
    )
    nasty = Scene("nasty")
    for number, text in enumerate(NASTY):
        nasty.requests(pod(API), steady(1 + number), destination_service=text)
    return [recorded, rated, nasty]


# What a Host header can put into a label.
NASTY = (
    'quo"te',
    "back\\slash",
    "new\nline",
    "tab\tand\rreturn",
    "<b>bold</b>",
    "日本語.example",
    "a|b*c?(d)[e]{f}^$+.",
    "x" * 300,
    "smile \U0001f600",
    "\ufffd broken",
    "nul\x01l",
    "{{.Name}} %s %d",
    " lead and trail ",
    "-",
    "10.0.0.1:8080",
)


def every_scene() -> list[Scene]:
    """Return all of them."""
    made = [*births(), *copies(), *eras(), *names(), *explained()]
    assert len({scene.name for scene in made}) == len(made)
    assert SPAN_S > 2 * 5 * 60
    return made


def explained() -> list[Scene]:
    """An edge with both sides, a failure that never arrived, a family, and a plain connection."""
    web, api = pod("web-7d4f8b9c6-abcde"), pod(API)
    scene = Scene("explained")
    for reporter, scraped, ok in (("source", web, 9), ("destination", api, 8)):
        both = {"reporter": reporter}
        scene.requests(scraped, steady(ok), **both)
        scene.requests(scraped, steady(1), **both, response_code="500")
        scene.requests(scraped, steady(0.5), **both, response_code="404")
        labels = {**call(**both), **scraped}
        mean = 0.2 if reporter == "source" else 0.15
        _histogram(
            scene, "istio_request_duration_milliseconds", labels, {"100": 3, "500": ok}, mean * 1000
        )
        scene.add("istio_request_bytes_sum", labels, steady(100))
        scene.add("istio_response_bytes_sum", labels, steady(900))
        for metric, rate in (("opened", 2), ("closed", 1)):
            tcp = {**call(target="db", **both, request_protocol="tcp", response_code=""), **scraped}
            scene.add(f"istio_tcp_connections_{metric}_total", tcp, steady(rate))
        for way in ("sent", "received"):
            scene.add(f"istio_tcp_{way}_bytes_total", tcp, steady(70))
        scene.requests(scraped, steady(1), target="tenant-1", **both)
        scene.requests(scraped, steady(2), target="tenant-2", **both)
    unheard = dict.fromkeys(
        ("destination_workload", "destination_workload_namespace", "destination_canonical_service"),
        "unknown",
    )
    scene.requests(
        web, steady(0.7), reporter="source", response_code="503", response_flags="UH", **unheard
    )
    scene.requests(web, steady(0.3), reporter="source", response_code="504", response_flags="UT")
    # Three requests that nobody saw coming.
    scene.requests(api, flat(3, start=-30), source="job")
    scene.requests(api, steady(2), target="classy", request_operation="GetItem")
    return [scene]
