"""Meshes drawn at random: calls between a few peers, told by any of the proxies that could."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.picture import Picture
from graph.core.readings import read_slow
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS, Sample
from tests.make import AT, harvest, labels

Answers = Mapping[str, Sequence[Sample]]

WINDOW_S = 60
WORKLOADS = ("web-v1", "cart-v1", "cart-v2", "pay-v1", "db-v1", "shop-waypoint", "istio-gateway")
NAMESPACES = ("shop", "bank")
CLUSTERS = ("Kubernetes", "east")
CODES = ("200", "404", "500", "0", "503")
FLAGS = ("-", "UT", "DC", "UF", "UH", "UF,URX")
# Rates are whole numbers that can be parted twice by any of these, so that no sum is rounded.
SHARES = (1, 2, 3, 4)
# Who tells of a conversation; the first four need sidecars alone.
PROXIES = (
    ("source", "destination"),
    ("source",),
    ("destination",),
    ("source", "source", "destination", "destination"),
    ("source", "waypoint"),
    ("source", "waypoint", "destination"),
)
RATES = st.integers(0, 20).map(lambda n: 144 * n)
_BOUNDS = ("5", "100", "+Inf")
_NOBODY = dict.fromkeys(
    (
        "workload",
        "workload_namespace",
        "canonical_service",
        "canonical_revision",
        "cluster",
        "principal",
    ),
    "unknown",
)

looks = st.builds(
    ViewSpec,
    graph_type=st.sampled_from(["workload", "app", "versioned_app", "service", "namespace"]),
    window_s=st.just(WINDOW_S),
    namespaces=st.sampled_from([(), (), ("shop",), ("bank", "shop"), ("nowhere",)]),
    perspective=st.sampled_from(["auto", "server", "client"]),
    idle=st.booleans(),
    waypoints=st.booleans(),
    operations=st.booleans(),
)
# The same with namespaces that are one node each.
folded_looks = st.builds(
    lambda look, collapsed: replace(look, collapsed=collapsed),
    looks,
    st.sampled_from([(), ("shop",), ("bank", "shop")]),
)


@dataclass(frozen=True)
class Call:
    """One series of everything that a proxy counts about one kind of call."""

    labels: dict[str, str]
    rate: int
    protocol: str

    def samples(self) -> dict[str, list[Sample]]:
        """Return its part of every answer."""
        if self.protocol == "tcp":
            return self._tcp()
        identity = self._without("response_code", "response_flags", "grpc_response_status")
        counted = {
            "requests": [self._sample(self.labels, 1)],
            "duration_sum": [self._sample(identity, 20)],
            "duration_count": [self._sample(identity, 1)],
            "request_bytes": [self._sample(identity, 300)],
            "response_bytes": [self._sample(identity, 900)],
            "duration_buckets": [
                self._sample({**identity, "le": le}, part)
                for le, part in zip(_BOUNDS, (0, 1, 1), strict=True)
            ],
        }
        if self.protocol == "grpc":
            counted["request_messages"] = [self._sample(identity, 2)]
            counted["response_messages"] = [self._sample(identity, 3)]
        return counted

    def _tcp(self) -> dict[str, list[Sample]]:
        plain = self._without("response_code", "grpc_response_status")
        bare = self._without("response_code", "grpc_response_status", "response_flags")
        return {
            "tcp_sent": [self._sample(bare, 700)],
            "tcp_received": [self._sample(bare, 100)],
            "tcp_opened": [self._sample(plain, 1)],
            "tcp_closed": [self._sample(plain, 1)],
        }

    def _without(self, *names: str) -> dict[str, str]:
        return {name: value for name, value in self.labels.items() if name not in names}

    def _sample(self, marks: dict[str, str], factor: int) -> Sample:
        return Sample(dict(marks), float(self.rate * factor))


@st.composite
def conversations(draw: st.DrawFn, *, plain: bool = False) -> list[Call]:
    """Draw what the proxies of two peers say of their calls; plain ones have sidecars alone."""
    protocol = draw(st.sampled_from(["http", "grpc", "tcp"]))
    source, target = draw(st.sampled_from(WORKLOADS)), draw(st.sampled_from(WORKLOADS))
    namespace = draw(st.sampled_from(NAMESPACES))
    odd = {} if plain else draw(oddities(protocol))
    told = []
    for reporter in draw(st.sampled_from(PROXIES[: 4 if plain else None])):
        outcome = {
            "response_code": draw(st.sampled_from(CODES)),
            "response_flags": draw(st.sampled_from(FLAGS)),
        }
        if protocol == "grpc":
            outcome["grpc_response_status"] = draw(st.sampled_from(["", "0", "14"]))
        made = labels(source, target, reporter, namespace, request_protocol=protocol, **outcome)
        told.append(Call({**made, **odd}, draw(RATES), protocol))
    return told


def oddities(protocol: str) -> st.SearchStrategy[dict[str, str]]:
    """Return what makes a series unlike that of a plain sidecar mesh."""
    odd: list[dict[str, str]] = [
        {},
        {},
        {f"source_{name}": value for name, value in _NOBODY.items()},
        {f"destination_{name}": value for name, value in _NOBODY.items()},
        {"destination_cluster": "unknown"},
        {"source_cluster": "east"},
        {"source_cluster": "unknown", "destination_cluster": "unknown"},
        {"destination_workload": "unknown"},
        {"destination_canonical_service": "unknown", "destination_canonical_revision": "latest"},
        {"connection_security_policy": "none"},
        {"destination_workload_namespace": "bank", "destination_service_namespace": "bank"},
        {"request_operation": "checkout"},
        {
            **{f"destination_{name}": value for name, value in _NOBODY.items()},
            "destination_service": "api.stripe.com",
            "destination_service_name": "api.stripe.com",
            "destination_service_namespace": "unknown",
        },
        {
            **{f"destination_{name}": value for name, value in _NOBODY.items()},
            "destination_service_name": "PassthroughCluster",
            "destination_service_namespace": "unknown",
        },
    ]
    if protocol == "tcp":
        odd.append({"proxy": "ztunnel"})
    return st.sampled_from(odd)


def meshes_of(conversation: st.SearchStrategy[list[Call]]) -> st.SearchStrategy[list[Call]]:
    """Return meshes of a few conversations."""
    return st.lists(conversation, max_size=6).map(
        lambda told: [call for calls in told for call in calls]
    )


meshes = meshes_of(conversations())
plain_meshes = meshes_of(conversations(plain=True))


def answers(mesh: Sequence[Call]) -> dict[str, list[Sample]]:
    """Return what a source would hand over about the calls."""
    made: dict[str, list[Sample]] = {}
    for call in mesh:
        for question, samples in call.samples().items():
            made.setdefault(question, []).extend(samples)
    return made


def mapped(told: Answers, change: Callable[[Sample], Sequence[Sample]]) -> dict[str, list[Sample]]:
    """Return the answers with every series replaced by others."""
    return {
        question: [new for sample in samples for new in change(sample)]
        for question, samples in told.items()
    }


def absorbed(told: Answers, rules: MeshRules = DEFAULT, at: float = AT) -> engine.FeedState:
    """Return a feed that knows both lanes' answers."""
    state = engine.start_feed(WINDOW_S, 5.0, rules)
    fast = {question: told.get(question, ()) for question in FAST_QUESTIONS}
    slow = {question: told.get(question, ()) for question in SLOW_QUESTIONS}
    state = engine.absorb_fast(state, harvest(at, **fast), 15.0, at)
    facts = read_slow(harvest(at, **slow), rules)
    return engine.absorb_slow(state, harvest(at, **slow), facts, at + 5, at)


def drawn(told: Answers, look: ViewSpec, rules: MeshRules = DEFAULT) -> Picture:
    """Return the picture of the answers, as a first viewer gets it."""
    return engine.render(None, absorbed(told, rules), look, "epoch")[0].picture
