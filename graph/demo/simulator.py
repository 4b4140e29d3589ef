"""The mesh in motion: fixed steps of one seeded clock, whatever the wall clock does.

Step k always draws the same random numbers, so the same seed gives the same requests; the driver
only decides when a step happens.
"""

from dataclasses import dataclass

import numpy as np
from typing_extensions import TypedDict

from graph.demo import scenarios
from graph.demo.conditions import under, usual
from graph.demo.exposition import Exposition
from graph.demo.ledger import FLUSH_S, Ledger
from graph.demo.plan import compile_plan
from graph.demo.pods import Pods
from graph.demo.rollout import Rollout
from graph.demo.scenario import Incident, Moment
from graph.demo.streams import Streams
from graph.demo.topology import Topology
from graph.demo.traffic import join, simulate_step
from graph.demo.truth import Truth

STEP_S = 0.5
STEPS_PER_FLUSH = round(FLUSH_S / STEP_S)


class Now(TypedDict):
    """Answer of /truth/now."""

    # Unix time up to which the counters hold everything.
    at: float
    started: float
    scenario: str
    act: str
    story: str
    act_s: float
    # True while the effects do not change.
    stationary: bool
    seed: int
    load: float
    workloads: int
    services: int
    calls: int
    pods: int


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is set up. ``scenario`` may carry a phase: "canary:full"."""

    scenario: str = "steady"
    seed: int = 1
    load: float = 1.0
    phase_offset_s: float = 0.0


class Simulator:
    """Everything that one simulated mesh holds. Not safe for threads: the server locks."""

    def __init__(self, topology: Topology, options: Options, started: float) -> None:
        self._scenario, phase_s = scenarios.resolve(options.scenario)
        self._offset_s = phase_s + options.phase_offset_s
        self._options = options
        self._started = started
        # A part of its own for names, so that a restart does not change the traffic.
        traffic, names, streams = np.random.SeedSequence(options.seed).spawn(3)
        self._rng = np.random.default_rng(traffic)
        self.plan = compile_plan(topology)
        self.pods = Pods(self.plan, np.random.default_rng(names))
        self._streams = Streams(self.plan, np.random.default_rng(streams))
        self.ledger = Ledger(self.plan)
        self.truth = Truth(self.plan, STEP_S)
        self.exposition = Exposition(self.ledger, self.pods)
        self.rollout = Rollout(self.pods, self.ledger, self.exposition)
        self._base = usual(self.plan, options.load)
        self._moment = scenarios.moment(self._scenario, self._offset_s)
        self._conditions = under(self.plan, self._base, self._moment.effects)
        self._restarted = self._announced = self._moment.restarts
        self._befallen = 0
        # Gateways stay: they are restarted on their own, if at all.
        self._rolling = [s for s in self.pods.reporting() if self.pods.workload(s).reports_in]
        self._steps = 0
        self._resize()

    @property
    def at(self) -> float:
        """Unix time of the end of the last step."""
        return self._started + self._steps * STEP_S

    @property
    def scenario(self) -> str:
        """The name of what is played."""
        return self._scenario

    @property
    def scenario_s(self) -> float:
        """Seconds into the scenario."""
        return self._offset_s + self._steps * STEP_S

    def step(self) -> None:
        """Let the next half second happen."""
        self._turn(scenarios.moment(self._scenario, self.scenario_s))
        now, elapsed_s = self._conditions, self._steps * STEP_S
        whole = simulate_step(self.plan, now, self._rng, STEP_S, elapsed_s)
        requests = join([whole, *self._streams.step(now, STEP_S, elapsed_s)])
        self._steps += 1
        self.ledger.record(requests)
        self.truth.record(self.at, requests)
        if self._steps % STEPS_PER_FLUSH == 0:
            self.ledger.flush()

    def skip_to(self, now: float) -> None:
        """Let time pass without traffic, after the machine was asleep."""
        self._started += now - self.at

    def now(self) -> Now:
        """Return the clock and what is on."""
        return {
            "at": self.at,
            "started": self._started,
            "scenario": self._scenario,
            "act": self._moment.act,
            "story": self._moment.story,
            "act_s": self._moment.since_s,
            "stationary": self._moment.stationary,
            "seed": self._options.seed,
            "load": self._options.load,
            "workloads": len(self.plan.workloads),
            "services": len(self.plan.topology.services),
            "calls": len(self.plan.calls),
            "pods": len(self.rollout.serving()),
        }

    def _turn(self, moment: Moment) -> None:
        if moment.effects != self._moment.effects:
            self._conditions = under(self.plan, self._base, moment.effects)
            self._resize()
        if moment.act != self._moment.act or moment.since_s < self._moment.since_s:
            self._restarted = self._announced = self._befallen = 0
            self.rollout.cancel()
        self._moment = moment
        self._replace_pods()
        for incident in moment.incidents[self._befallen :]:
            self._befall(incident)
        self._befallen = len(moment.incidents)

    def _resize(self) -> None:
        """Let as many pods of every workload serve as there are now."""
        first, count = self.plan.first_pod, self._conditions.pods
        serving = {
            int(first[w]) + number for w in range(len(count)) for number in range(int(count[w]))
        }
        self.rollout.resize(serving, self.at)

    def _befall(self, incident: Incident) -> None:
        workload = self.plan.workload_index[incident.workload]
        for slot in np.flatnonzero(self.plan.workload_of_pod == workload).tolist():
            if incident.kind == "crash":
                self.rollout.silence(slot)
            else:
                self.rollout.restart(slot)

    def _replace_pods(self) -> None:
        """Take the rolling restart, if one is on, as far as it has come."""
        slots = self._rolling
        for count in range(self._announced, self._moment.announced):
            self.rollout.announce(slots[count % len(slots)])
        for count in range(self._restarted, self._moment.restarts):
            self.rollout.switch(slots[count % len(slots)], self.at)
        self._announced = max(self._announced, self._moment.announced)
        self._restarted = max(self._restarted, self._moment.restarts)
        self.rollout.forget(self.at)
