"""Scripted scenarios: for every moment after its start, each says what holds.

After ``ramp_s`` nothing changes any more; tests start there ("NAME:full").
"""

from collections.abc import Mapping

from graph.demo.loader import load_all
from graph.demo.scenario import Moment, Scenario, Scraping
from graph.demo.scenarios_demo import DEMO
from graph.demo.scenarios_scenes import SCENES
from graph.demo.topology import Topology

ACT_S = 90.0
REST_S = 45.0
# A new pod stands by this long before it serves: Prometheus finds it within five seconds and
# scrapes it within another interval.
READY_S = 12.0

SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in (*DEMO, *SCENES)}
TOUR = "tour"
ACTS = ("ratings-delay", "canary", "payments-503", "plaintext-client", "rolling-restart")
NAMES = (*SCENARIOS, TOUR)


class ScenarioError(ValueError):
    """There is no such scenario."""


def resolve(text: str) -> tuple[str, float]:
    """Return the scenario's name and how far in to start, from "NAME" or "NAME:full"."""
    name, _, phase = text.partition(":")
    if name not in NAMES or phase not in ("", "full"):
        raise ScenarioError(f"unknown scenario {text!r}, one of {', '.join(NAMES)} needed")
    if phase and name == TOUR:
        raise ScenarioError("a tour never stands still: it has no phase 'full'")
    return name, SCENARIOS[name].ramp_s if phase else 0.0


def has_own_mesh(text: str) -> bool:
    """Tell whether the scenario plays in a mesh of its own, not in the demo's applications."""
    name, _ = resolve(text)
    return name != TOUR and SCENARIOS[name].mesh is not None


def mesh_of(text: str) -> Topology:
    """Return the mesh that the scenario plays in."""
    name, _ = resolve(text)
    build = None if name == TOUR else SCENARIOS[name].mesh
    return build() if build else load_all()


def scraping_of(name: str) -> Scraping:
    """Return how the scenario's proxies are scraped."""
    return Scraping() if name == TOUR else SCENARIOS[name].scraping


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
        incidents=tuple(incident for incident in scenario.incidents if incident.at_s <= t),
    )
