"""How the proxies are scraped: how often, how many of them, how many times over."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from graph.core.samples import Sample
from graph.core.verdict import (
    is_refused,
    is_tight,
    slow_job_warnings,
    steady_window_s,
    windows_that_work,
)
from graph.core.wire import SourceFacts
from graph.doctor.finding import Finding, amber, green, red, seconds, several, share, together
from graph.doctor.patient import Habits, Target
from graph.sources.discovery import duration_s
from graph.sources.findings import COUNTED_ONCE

# Twice of everything is two jobs; a few pods that moved between targets are nothing.
_TWICE = 1.05

Pair = tuple[str, str]


def intervals(
    jobs: Iterable[str], targets: Iterable[Target], found_s: float | None
) -> dict[str, float | None]:
    """Return every job's interval: what most of its targets have, else what samples told."""
    counts: defaultdict[str, Counter[float]] = defaultdict(Counter)
    for target in targets:
        interval_s = duration_s(target.interval)
        if interval_s:
            counts[target.job][interval_s] += 1
    return {
        job: max(counts[job], key=lambda s: (counts[job][s], s)) if counts[job] else found_s
        for job in jobs
    }


def judge_interval(
    by_job: Mapping[str, float | None], habits: Habits, leading_s: float | None
) -> Finding:
    """Judge whether the look-back windows hold enough scrapes of every job.

    ``leading_s`` is the interval of most series: jobs that are slower cost their own numbers only.
    """
    known = {job: interval for job, interval in by_job.items() if interval}
    if not known:
        return amber(
            "How often the proxies are scraped cannot be told.",
            "Set MESHVIZ_SCRAPE_INTERVAL, so that windows that are too short are refused.",
        )
    leading_s = leading_s or min(known.values())
    told = _listed(known)
    works = windows_that_work(leading_s)
    if is_refused(habits.window_s, leading_s):
        return red(
            f"{told}; the window of {seconds(habits.window_s)} holds fewer than two scrapes, so "
            "there is no rate to draw.",
            f"{works} Set MESHVIZ_WINDOW to one of these, or scrape more often.",
        )
    if slow := slow_job_warnings(known, leading_s, habits.window_s):
        return amber(f"{told}. {' '.join(slow)}", "Scrape all proxies equally often.")
    short = [w for w in habits.windows_s if is_tight(w, max(known.values()))]
    if short:
        return amber(
            f"{told}; the window of {seconds(min(short))} holds fewer than four scrapes, so edges "
            "flicker when one is late.",
            f"Prefer windows of {steady_window_s(max(known.values()))} s and longer, or scrape "
            "more often.",
        )
    if len(set(known.values())) > 1:
        return amber(
            f"{told}: numbers of the slower job lag behind those of the faster.",
            "Scrape all proxies equally often.",
        )
    return green(f"{told}.")


def _listed(by_job: Mapping[str, float]) -> str:
    return "Scraped every " + several(
        [f"{seconds(interval)} by job {job}" for job, interval in sorted(by_job.items())]
    )


@dataclass(frozen=True, slots=True)
class Scraped:
    """The scrape targets of the jobs that carry Istio's metrics, by number."""

    up: int
    all: int
    # Targets that answered but whose samples were thrown away, as over a sample_limit.
    thrown_away: int
    errors: list[str] = field(default_factory=list)
    # Jobs of the mesh, by all that is known, none of whose targets is up: job and targets.
    lost: Mapping[str, int] = field(default_factory=dict)


# Istio's own: sidecars, gateways and ztunnels show their metrics there.
_ISTIO_PORTS = 'instance=~".+:(15020|15090)"'
# When a job that is down may have told of the mesh last: moments are cheaper than an hour.
_BEFORE = ("10m", "30m", "1h")


def lost_jobs(traffic: str, matchers: str) -> str:
    """Return the query for the jobs of the mesh that are down as a whole, with their targets.

    Their series are gone, so nothing else tells that they belong to it. ``matchers`` select targets
    where targets have the labels for it.
    """
    targets = f"up{{{matchers}}}"
    at_istios_ports = ", ".join(filter(None, (matchers, _ISTIO_PORTS)))
    told = " or ".join(f"count by (job) ({traffic} offset {ago})" for ago in _BEFORE)
    return (
        f"(count by (job) ({targets}) unless count by (job) ({targets} == 1)) "
        f"and on (job) (count by (job) (up{{{at_istios_ports}}}) or {told})"
    )


def judge_lost(lost: Mapping[str, int]) -> Finding:
    """Judge whether whole jobs went away, which leave no series that could be missed."""
    if not lost:
        return green("")
    named = several([f"{job} ({targets} targets)" for job, targets in sorted(lost.items())])
    return amber(
        f"No target is up of {named}: at Istio's ports, or with its metrics in the last hour.",
        "Traffic that only they tell of is missing; see Status > Targets in Prometheus.",
    )


def judge_targets(scraped: Scraped) -> Finding:
    """Judge whether every target is up."""
    if scraped.all == 0:
        return amber(
            "How many targets are up cannot be told: there is no `up` for their jobs.",
            "Keep `up` where metrics are federated or rewritten, so that gaps can be noticed.",
        )
    told = f"{share(scraped.up, scraped.all)} targets are up."
    if scraped.up == scraped.all:
        return green(told)
    errors = commonest(scraped.errors)
    said = f" Prometheus says: {errors}." if errors else ""
    advice = "Traffic of the others is missing; see Status > Targets in Prometheus."
    if scraped.thrown_away:
        said += f" Of them, {scraped.thrown_away} answer, but their samples are thrown away."
        advice = "Raise sample_limit (or body_size_limit) of the job. " + advice
    judge = red if scraped.up == 0 else amber
    return judge(told + said, advice)


def commonest(errors: Iterable[str]) -> str:
    """Return the three most common errors of targets, with how many have each."""
    counts = Counter(_common(error) for error in errors if error)
    return "; ".join(f"{n} × {text}" for text, n in counts.most_common(3))


def _common(error: str) -> str:
    """Return the error without addresses and numbers, which would make every one unique."""
    words = re.sub(r'^(Get|Head) "[^"]*": ', "", error)
    return re.sub(r"\d+\.\d+\.\d+\.\d+(:\d+)?(->\S+)?", "…", words).strip()


@dataclass(slots=True)
class Voices:
    """Workloads by (namespace, name): who was heard of, and who speaks for itself."""

    seen: set[Pair] = field(default_factory=set)
    reporting: set[Pair] = field(default_factory=set)
    # Heard of with an identity, which only workloads in the mesh have.
    identified: set[Pair] = field(default_factory=set)

    @property
    def silent(self) -> list[str]:
        """Workloads in the mesh that never report themselves."""
        return sorted("/".join(pair) for pair in self.identified - self.reporting)

    @property
    def outside(self) -> int:
        """How many workloads are only heard of, and have no identity: no proxy, it seems."""
        return len(self.seen - self.reporting - self.identified)


def _nobody(_: Pair) -> bool:
    return False


def listen(rows: Iterable[Sample], *, spokesmen: Callable[[Pair], bool] = _nobody) -> Voices:
    """Return who reports and who is only reported, from the traffic counters' labels.

    ``spokesmen`` tells waypoints and gateways, which report others and not themselves.
    """
    voices = Voices()
    for labels, _ in rows:
        reporter = labels.get("reporter", "")
        for end in ("source", "destination"):
            pair = labels.get(f"{end}_workload_namespace", ""), labels.get(f"{end}_workload", "")
            if pair[1] in ("", "unknown") or spokesmen(pair):
                continue
            voices.seen.add(pair)
            # A waypoint speaks for the workloads behind it.
            if reporter == end or (reporter == "waypoint" and end == "destination"):
                voices.reporting.add(pair)
            if labels.get(f"{end}_principal", "") not in ("", "-", "unknown"):
                voices.identified.add(pair)
    return voices


def judge_voices(voices: Voices) -> Finding:
    """Judge whether every workload of the mesh speaks for itself."""
    told = f"{share(len(voices.reporting), len(voices.seen))} workloads seen report themselves."
    if voices.outside:
        told += f" {voices.outside} seem to have no proxy."
    if not voices.silent:
        return green(told)
    return amber(
        f"{told} {len(voices.silent)} have a mesh identity but are never heard: "
        f"{several(voices.silent)}.",
        "Are their pods scraped, at port 15020 or 15090? Until then only their peers tell of them.",
    )


def judge_proxies(scraped: Scraped, voices: Voices, facts: SourceFacts) -> Finding:
    """Judge who is missing among the proxies."""
    counts = Counter[str]()
    for found in facts["istio_versions"]:
        counts[found["component"]] += found["count"]
    built = several([f"{n} × {name}" for name, n in sorted(counts.items())])
    versions = green(f"istio_build counts {built}.") if built else green("")
    return together(
        [judge_targets(scraped), judge_lost(scraped.lost), judge_voices(voices), versions]
    )


def judge_double(facts: SourceFacts, by_job: Mapping[str, float]) -> Finding:
    """Judge how many times over the proxies are scraped; meshviz counts them once all the same."""
    times = facts["scraped_times"]
    jobs = several([f"{job} ({count:,.0f} series)" for job, count in sorted(by_job.items())])
    if times is None:
        return amber(
            f"Whether proxies are scraped twice cannot be told from the labels of {jobs}.",
            "Keep the labels pod and namespace on scraped series, or make sure of it yourself.",
        )
    if times < _TWICE:
        return green(f"Every proxy is scraped once, by {jobs}." if jobs else "Scraped once.")
    # The survey's words are more exact: it knows what tells the copies apart.
    said = next((text for text in facts["warnings"] if COUNTED_ONCE in text), "")
    told, _, remedy = said.partition(COUNTED_ONCE)
    told = told or f"The proxies are scraped {times:.2g} times over, by {jobs}: "
    remedy = remedy.strip() or "Drop one of the jobs, or one of the ports 15020 and 15090."
    costs = "Prometheus stores and scans all of it again, and other tools count it again."
    return amber(f"{told}{COUNTED_ONCE}", f"{remedy} {costs}")
