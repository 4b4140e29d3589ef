"""What a scenario is made of: a mesh, effects over time, incidents, and how it is scraped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.demo.conditions import Effect
from graph.demo.topology import Topology

Effects = tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that befalls the proxies of a workload at one moment.

    ``restart``: their containers start anew in the same pods, so that every counter does; evicted
    metrics come back in the same way. ``crash``: they stop answering scrapes, and discovery does
    not notice. ``recover``: they answer again, with new counters.
    """

    at_s: float
    kind: Literal["restart", "crash", "recover"]
    workload: str


@dataclass(frozen=True, slots=True)
class Scraping:
    """How Prometheus gets at the proxies, where it is not simply every target once."""

    # Namespaces that a job of their own scrapes, every ``slow_s``.
    slow: frozenset[str] = frozenset()
    slow_s: float = 60.0
    # A second job scrapes every pod again, by its other port.
    twice: bool = False
    # Tells whether scrapes fail at this many seconds into the scenario.
    fails: Callable[[float], bool] = lambda t: False
    # Workloads whose pages carry time stamps of a clock that is this much ahead.
    skew_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named timeline of effects. ``story`` is one sentence for people."""

    name: str
    story: str
    # After it the effects stay as they are; tests start there ("NAME:full").
    ramp_s: float = 0.0
    effects: Callable[[float], Effects] = lambda t: ()
    # Pods replaced since the start of the scenario.
    restarts: Callable[[float], int] = lambda t: 0
    # None: the applications of the demo.
    mesh: Callable[[], Topology] | None = None
    # In the order of time.
    incidents: tuple[Incident, ...] = ()
    scraping: Scraping = Scraping()


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
    # Incidents so far.
    incidents: tuple[Incident, ...]
