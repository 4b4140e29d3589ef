"""Scenarios with a mesh of their own: one shape of telemetry each, small enough to look through."""

from functools import partial

from graph.demo.conditions import Fail, Load, Plaintext, Scale, Split
from graph.demo.loader import TOPOLOGIES, load, scene
from graph.demo.scenario import Effects, Incident, Scenario, Scraping
from graph.demo.scenarios_demo import RESTART_EVERY_S
from graph.demo.topology import Topology


def named_mesh(*names: str) -> Topology:
    """Return these applications of the demo alone, with the gateway."""
    return load([TOPOLOGIES / f"{name}.yaml" for name in (*names, "ingress")])


BOOKINFO = partial(named_mesh, "bookinfo")
MOVIES = partial(named_mesh, "movies")

STRICT_AT_S = 90.0
BUSY_FROM_S, QUIET_FROM_S = 60.0, 120.0
CRASH_AT_S = 70.0
IDLE_FROM_S, EVICTED_AT_S, BACK_AT_S = 60.0, 660.0, 780.0
RESTARTED_AT_S = 100.0, 110.0
# A day's load, and the hour in which it is ten times as much.
DAY = (0.5, 0.4, 0.4, 0.6, 0.8, 1.0, 1.2, 1.0)
HOUR_S, RUSH = 25.0, 5


def _canary_to_zero(t: float) -> Effects:
    done = min(1.0, max(0.0, t / 60))
    shares = {"v1": 80 - 50 * done, "v2": 10 + 50 * done, "v3": 10.0}
    if t < 120:
        return (_movies(shares),)
    return (_movies({"v2": 85.0, "v3": 15.0}), Scale("smm-demo/movies-v1", 0))


def _movies(shares: dict[str, float]) -> Split:
    split = tuple((f"smm-demo/movies-{v}", share) for v, share in shares.items())
    return Split("smm-demo/movies", split)


def _scaling(t: float) -> Effects:
    """Two pods, ten, then one."""
    pods = 2 if t < BUSY_FROM_S else 10 if t < QUIET_FROM_S else 1
    return (Scale("rush/shop-v1", pods),)


def _to_strict(t: float) -> Effects:
    caller, service = "bookinfo/productpage-v1", "bookinfo/reviews"
    if t < STRICT_AT_S:
        return (Plaintext(caller, service, 0.3),)
    # What comes without a certificate finds the door shut, and only its own proxy knows.
    return (Fail(service, (("503/UF", 0.3),)), Load("bookinfo/batch-export", 0.0))


def _spike(t: float) -> Effects:
    """A day within minutes, and a tenfold spike in it."""
    hour = min(int(t // HOUR_S), len(DAY) - 1)
    factor = DAY[hour]
    return (Load("istio-system/istio-ingressgateway", 10 * factor if hour == RUSH else factor),)


def _quiet_after(t: float) -> Effects:
    return (Load("smm-demo/bombardier", 0.0),) if t >= IDLE_FROM_S else ()


def _evicted(t: float) -> Effects:
    return (Load("smm-demo/bombardier", 0.0),) if IDLE_FROM_S <= t < BACK_AT_S else ()


_UNREACHABLE: Effects = (Fail("bookinfo/ratings", (("503/UH", 1.0),)),)

# Without certificate and without metadata, a server knows of a caller's connection nothing at all.
_NAMELESS: Effects = (Plaintext("jobs/audit", "jobs/ledger", 1.0),)

SCENES: tuple[Scenario, ...] = (
    Scenario("bookinfo", "Bookinfo alone, on a quiet day.", mesh=BOOKINFO),
    Scenario("movies", "The movie site alone, at twenty front pages a second.", mesh=MOVIES),
    Scenario(
        "boutique",
        "Online Boutique alone: gRPC, and a cache behind it.",
        mesh=partial(named_mesh, "boutique"),
    ),
    *(
        Scenario(name, story, mesh=partial(scene, name))
        for name, story in {
            "egress": "What leaves the mesh: registered hosts, unregistered ones, forbidden ones.",
            "streams": "Connections and gRPC streams that last: nothing opens, and much flows.",
            "flags": "Every way in which a request can end badly, as both proxies tell it.",
            "operations": "Servers that say which operation each request asked for.",
            "ambient": "Ambient without waypoints: ztunnels know connections only.",
            "ambient-waypoint": "Ambient with a waypoint: three proxies tell of one request.",
            "ambient-unlabelled": "The same, and no label says which workload is a waypoint.",
            "ambient-mixed": "Ambient beside sidecars, behind a gateway.",
            "clusters": "Two clusters of one mesh, with the same names on both sides.",
            "eras": "One mesh with proxies of nine generations of Istio.",
            "mixer": "Istio 1.4: Mixer counts for everybody.",
            "mixer-early": "Istio 0.5 and 0.8: servers report, and nobody says who reports.",
            "cycles": "A workload that asks itself, two that ask each other, a ring of three.",
            "hub": "One vault that eight hundred others ask.",
            "tenants": "A service for every customer: sixty times the same.",
            "names": "The same names in three namespaces, and two workloads of one app.",
            "nasties": "Names and values of any content.",
            "noise": "An application among probes, scrapes and the control plane.",
            "buckets": "Proxies with histograms of their own bounds behind one service.",
            "dropped-labels": "Telemetry with labels taken away, differently everywhere.",
        }.items()
    ),
    Scenario(
        "jobs",
        "A job that makes three requests once, and one without a proxy.",
        0.0,
        lambda t: _NAMELESS,
        mesh=partial(scene, "jobs"),
    ),
    Scenario(
        "canary-to-zero",
        "Traffic moves from movies v1 to v2, and then v1 is taken down.",
        120,
        _canary_to_zero,
        mesh=MOVIES,
    ),
    Scenario(
        "scaling",
        "Two pods become ten, and then one.",
        QUIET_FROM_S,
        _scaling,
        mesh=partial(scene, "rush"),
    ),
    Scenario(
        "rollout",
        "One pod of Bookinfo after another is replaced by a new one.",
        restarts=lambda t: int(t // RESTART_EVERY_S),
        mesh=BOOKINFO,
    ),
    Scenario(
        "container-restart",
        "The container of ratings starts anew in its pod: every counter is back at zero.",
        RESTARTED_AT_S[-1],
        mesh=BOOKINFO,
        incidents=tuple(
            Incident(at_s, "restart", f"bookinfo/{name}")
            for at_s, name in zip(RESTARTED_AT_S, ("ratings-v1", "productpage-v1"), strict=True)
        ),
    ),
    Scenario(
        "strict",
        "First 30 % of the page's calls to reviews are plaintext; then only mutual TLS is let in.",
        STRICT_AT_S,
        _to_strict,
        mesh=BOOKINFO,
    ),
    Scenario(
        "crash",
        "The pod of ratings stops answering, and discovery does not notice.",
        CRASH_AT_S,
        lambda t: _UNREACHABLE if t >= CRASH_AT_S else (),
        mesh=BOOKINFO,
        incidents=(Incident(CRASH_AT_S, "crash", "bookinfo/ratings-v1"),),
    ),
    Scenario(
        "idle",
        "All requests stop, and their series stay.",
        IDLE_FROM_S,
        _quiet_after,
        mesh=MOVIES,
    ),
    Scenario(
        "eviction",
        "Nothing happens for ten minutes, so the proxies forget their series; then they come back.",
        BACK_AT_S,
        _evicted,
        mesh=MOVIES,
        incidents=tuple(
            Incident(EVICTED_AT_S, "restart", f"smm-demo/{name}")
            for name in ("bombardier", "frontpage-v1", "catalog-v1", "bookings-v1", "payments-v1")
        ),
    ),
    Scenario(
        "spike",
        "The load of a day within minutes, and a tenfold spike in it.",
        HOUR_S * len(DAY),
        _spike,
        mesh=BOOKINFO,
    ),
    Scenario(
        "twice",
        "Two jobs scrape every proxy.",
        mesh=BOOKINFO,
        scraping=Scraping(twice=True),
    ),
    Scenario(
        "clock-skew",
        "Two proxies' pages carry time stamps of their own clocks, half a minute off.",
        mesh=BOOKINFO,
        scraping=Scraping(skew_s={"bookinfo/reviews-v1": 30.0, "bookinfo/details-v1": -30.0}),
    ),
    Scenario(
        "failing-scrapes",
        "One scrape in four fails.",
        mesh=BOOKINFO,
        scraping=Scraping(fails=lambda t: t % 20 >= 15),
    ),
    Scenario(
        "prometheus-gap",
        "Prometheus was away for two scrapes.",
        mesh=BOOKINFO,
        scraping=Scraping(fails=lambda t: 110 <= t < 120),
    ),
    Scenario(
        "slow-namespace",
        "The movie site is scraped once a minute, everything else as usual.",
        mesh=partial(named_mesh, "bookinfo", "movies"),
        scraping=Scraping(slow=frozenset({"smm-demo"})),
    ),
)
