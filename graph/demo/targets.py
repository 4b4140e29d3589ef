"""Everything that a Prometheus can scrape of the simulated mesh, and what each target answers."""

from dataclasses import dataclass

from graph.demo import scenarios
from graph.demo.exposition import CONTENT_TYPE
from graph.demo.rollout import Seen
from graph.demo.simulator import Simulator

# The job of Istio's own addon; discovery leaves it to the configuration.
JOB = "kubernetes-pods"
# kube-prometheus' PodMonitor over the same pods: another port, and no labels of the pods.
SECOND_JOB = "istio-system/envoy-stats-monitor"
SLOW_JOB = "kubernetes-pods-slow"
# Beyond this, Prometheus and this process would spend their time on making requests.
MAX_SINGLE_TARGETS = 300
PODS_PER_MERGED_TARGET = 40


@dataclass(frozen=True, slots=True)
class Target:
    """One address to scrape. ``labels`` are what discovery attaches, without the job's default."""

    path: str
    labels: dict[str, str]
    # Where it is not scraped like all others.
    interval_s: float | None = None
    # What part of the mesh it is, for a Prometheus that sees only that.
    cluster: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a scrape is answered."""

    body: bytes
    content_type: str = CONTENT_TYPE


class Targets:
    """The targets of one simulator, as they are right now."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._scraping = scenarios.scraping_of(simulator.scenario)

    def all(self) -> list[Target]:
        """Return every target that discovery knows."""
        serving = self._simulator.rollout.serving()
        if len(serving) > MAX_SINGLE_TARGETS:
            groups = range(-(-len(serving) // PODS_PER_MERGED_TARGET))
            return [_group(number) for number in groups]
        seen = list(self._simulator.rollout.seen())
        once = [self._pod(each) for each in seen]
        return [*once, *map(self._again, seen)] if self._scraping.twice else once

    def page(self, path: str) -> Page | None:
        """Return what the target at this path answers; None when nobody does."""
        if self._scraping.fails(self._simulator.scenario_s):
            return None
        match path.strip("/").split("/"):
            case ["pods", namespace, pod, "stats", "prometheus"]:
                return self._pod_page(namespace, pod)
            case ["merged", number, "stats", "prometheus"]:
                return self._merged_page(number)
            case _:
                return None

    def _pod(self, seen: Seen) -> Target:
        labels = self._simulator.pods.scrape_labels(seen.slot, seen.pod)
        workload = self._simulator.pods.workload(seen.slot)
        slow = workload.namespace in self._scraping.slow
        return Target(
            self._path(seen),
            {"job": SLOW_JOB, **labels} if slow else labels,
            self._scraping.slow_s if slow else None,
            workload.cluster,
            workload.namespace,
        )

    def _again(self, seen: Seen) -> Target:
        """Return the same pod as a PodMonitor sees it: by Envoy's own port."""
        labels = self._simulator.pods.scrape_labels(seen.slot, seen.pod)
        address, _, _ = labels["instance"].rpartition(":")
        return Target(
            self._path(seen),
            {
                "job": SECOND_JOB,
                "namespace": self._namespace(seen),
                "pod": seen.pod.name,
                "container": "istio-proxy",
                "endpoint": "http-envoy-prom",
                "instance": f"{address}:15090",
            },
        )

    def _namespace(self, seen: Seen) -> str:
        return self._simulator.pods.workload(seen.slot).namespace

    def _path(self, seen: Seen) -> str:
        return f"/pods/{self._namespace(seen)}/{seen.pod.name}/stats/prometheus"

    def _pod_page(self, namespace: str, pod: str) -> Page | None:
        rollout = self._simulator.rollout
        seen = rollout.find(namespace, pod)
        body = rollout.page(seen) if seen else None
        if seen is None or body is None:
            return None
        ahead_s = self._scraping.skew_s.get(self._simulator.pods.workload(seen.slot).key)
        if ahead_s is not None:
            body = stamped(body, self._simulator.at + ahead_s)
        return Page(body, self._simulator.exposition.content_type([seen.slot]))

    def _merged_page(self, number: str) -> Page | None:
        slots = self._simulator.rollout.serving()
        start = int(number) * PODS_PER_MERGED_TARGET if number.isdecimal() else len(slots)
        group = slots[start : start + PODS_PER_MERGED_TARGET]
        return Page(self._simulator.exposition.page(group, merged=True)) if group else None


def stamped(page: bytes, at: float) -> bytes:
    """Return a page whose samples carry a time stamp, as exporters write that keep their own."""
    stamp = b" %d" % round(at * 1000)
    lines = page.removesuffix(b"\n").split(b"\n")
    return b"\n".join([*(line if line.startswith(b"#") else line + stamp for line in lines), b""])


def _group(number: int) -> Target:
    return Target(f"/merged/{number}/stats/prometheus", {"instance": f"mesh-{number}"})
