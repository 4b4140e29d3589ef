"""Scripted incidents: for every moment after its start, a scenario says which effects hold.

After ``ramp_s`` nothing changes any more; tests start there ("NAME:full").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.demo.conditions import Delay, Effect, Fail, Load, Plaintext, Slow, Split

ACT_S = 90.0
REST_S = 45.0
RESTART_EVERY_S = 6.0
# A new pod stands by this long before it serves: Prometheus finds it within five seconds and
# scrapes it within another interval.
READY_S = 12.0

Effects = tuple[Effect, ...]


class ScenarioError(ValueError):
    """There is no such scenario."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named timeline of effects. ``story`` is one sentence for people."""

    name: str
    story: str
    ramp_s: float
    effects: Callable[[float], Effects]
    # Pods replaced since the start of the scenario.
    restarts: Callable[[float], int] = lambda t: 0


@dataclass(frozen=True, slots=True)
class Moment:
    """What is on at one moment."""

    act: str
    story: str
    # Seconds since the act began.
    since_s: float
    # True once the act has reached its final state.
    stationary: bool
    effects: Effects
    # Pods replaced since the act began, and those that stand ready to replace more.
    restarts: int
    announced: int


def _ramp(t: float, seconds: float) -> float:
    return min(1.0, max(0.0, t / seconds))


def _canary(t: float) -> Effects:
    done = _ramp(t, 60)
    shares = (("v1", 80 - 50 * done), ("v2", 10 + 50 * done), ("v3", 10.0))
    return (
        Split("smm-demo/movies", tuple((f"smm-demo/movies-{v}", share) for v, share in shares)),
    )


def _plaintext(t: float) -> Effects:
    grown = _ramp(t, 45)
    return (
        Plaintext("bookinfo/productpage-v1", "bookinfo/reviews", 0.3),
        Load("bookinfo/batch-export", 1 + 5 * grown),
    )


_PAYMENTS_503: Effects = (
    Fail(
        "smm-demo/payments",
        (("503", 0.12), ("503/UH", 0.06), ("503/UF", 0.08), ("503/UO", 0.04)),
    ),
    Fail(
        "boutique/paymentservice",
        (("14", 0.12), ("14/UH", 0.06), ("14/UF", 0.08), ("14/UO", 0.04)),
    ),
)

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario("steady", "A quiet day.", 0, lambda t: ()),
        Scenario(
            "ratings-delay",
            "Every answer of ratings takes seven seconds; reviews and the page wait with it.",
            0,
            lambda t: (Slow("bookinfo/ratings-v1", 7000),),
        ),
        Scenario(
            "ratings-fault",
            "Istio's fault injection holds half of the calls to ratings back for seven seconds: "
            "only the callers' proxies see it (flag DI).",
            0,
            lambda t: (Delay("bookinfo/ratings", 0.5, 7000),),
        ),
        Scenario(
            "canary",
            "Traffic moves from movies v1 to v2: 80/10/10 becomes 30/60/10 within a minute.",
            60,
            _canary,
        ),
        Scenario(
            "payments-503",
            "30 % of payments fail: some answered with an error, some never reach a server.",
            0,
            lambda t: _PAYMENTS_503,
        ),
        Scenario(
            "plaintext-client",
            "30 % of the page's calls to reviews come without a certificate, and a client "
            "without a proxy asks details more and more.",
            45,
            _plaintext,
        ),
        Scenario(
            "rolling-restart",
            "One pod after another is replaced by a new one.",
            0,
            lambda t: (),
            restarts=lambda t: int(t // RESTART_EVERY_S),
        ),
    )
}

TOUR = "tour"
ACTS = ("ratings-delay", "canary", "payments-503", "plaintext-client", "rolling-restart")
NAMES = (*SCENARIOS, TOUR)


def resolve(text: str) -> tuple[str, float]:
    """Return the scenario's name and how far in to start, from "NAME" or "NAME:full"."""
    name, _, phase = text.partition(":")
    if name not in NAMES or phase not in ("", "full"):
        raise ScenarioError(f"unknown scenario {text!r}, one of {', '.join(NAMES)} needed")
    if phase and name == TOUR:
        raise ScenarioError("a tour never stands still: it has no phase 'full'")
    return name, SCENARIOS[name].ramp_s if phase else 0.0


def moment(name: str, t: float) -> Moment:
    """Return what is on ``t`` seconds after the start of the scenario."""
    if name != TOUR:
        return _within(SCENARIOS[name], t)
    turn, inside = divmod(t, REST_S + ACT_S)
    if inside < REST_S:
        return _within(SCENARIOS["steady"], inside)
    return _within(SCENARIOS[ACTS[int(turn) % len(ACTS)]], inside - REST_S)


def _within(scenario: Scenario, t: float) -> Moment:
    return Moment(
        act=scenario.name,
        story=scenario.story,
        since_s=t,
        stationary=t >= scenario.ramp_s,
        effects=scenario.effects(t),
        restarts=scenario.restarts(t),
        announced=scenario.restarts(t + READY_S),
    )
