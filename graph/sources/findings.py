"""What follows from a survey's counts: how to ask, which eras there are, what to warn of. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from graph.core.samples import Sample
from graph.core.wire import Era, EraFound, IstioVersion
from graph.sources.facts import (
    MIXER_1,
    REPLICAS,
    REQUESTS,
    SCRAPE,
    TCP,
    ZTUNNEL,
    Counts,
    decorations,
)
from graph.sources.promql import HISTOGRAMS, MIXER_0_TRAFFIC, TRAFFIC
from graph.sources.shape import Copies, Shape

# From here on Envoy's own filter counts, before it WebAssembly did.
_NATIVE_FROM = (1, 17)
_TAG = re.compile(r"v?(\d+)\.(\d+)")
# Which jobs share the blame is of use; fifty of them are not.
_JOBS_SHOWN = 4


def shape(found: Counts, pods: tuple[str, str] | None, names: frozenset[str]) -> Shape:
    """Return how the mesh's series have to be asked for, if copies turn out to be stored."""
    clusters = ("cluster",) if "cluster" in names else ()
    return Shape(
        ztunnel=next((matcher for name, matcher in ZTUNNEL.items() if found[name]), None),
        operations=found["operations"] > 0,
        mixer_0=any(found[name] for name in MIXER_0_TRAFFIC),
        mixer_1=found[MIXER_1] > 0,
        native=frozenset(name for name in HISTOGRAMS if found[name] and not found[f"{name}_count"]),
        copies=_copies(found, pods, names),
        genuine=(("job", "!=", ""),) if found["ruled"] else (),
        waypoint_copies=found["waypoint copies"] > 0,
        births_on=("job", "instance", *clusters) if found["up"] else (),
        # The `up` of a federated series is that of the Prometheus it came from.
        births_of=(("exported_instance", "=", ""),) if "exported_instance" in names else (),
        selects_targets=found["targets"] > 0,
    )


def _copies(
    found: Counts, pods: tuple[str, str] | None, names: frozenset[str]
) -> tuple[Copies, ...]:
    """Return what may be stored several times, and the labels that would tell copies apart."""
    # What a Prometheus adds to its data as an external label, when the data is here a second time;
    # unless it is all that tells pods of the same name in two clusters apart.
    beside = found["clusters together"] > 0 and found["not in a cluster"] > 0
    external = beside and found["clusters together"] == found["clusters apart"]
    clusters = {"cluster"} if external else set()
    elsewhere = sorted(REPLICAS & names | {"job"} | clusters)
    if pods is None:
        return (Copies((), tuple(elsewhere)),)
    # A label that differs within one pod and scrape is a dimension that an operator added.
    own = found["decorated places"] > found["places"]
    extra = set() if own else set(decorations(names, pods))
    taken = sorted((SCRAPE & names) | {"job", "instance"} | extra | clusters)
    in_pods, total = (
        sum(found[f"{metric}{kind}"] for metric in TRAFFIC) for kind in (" in pods", "")
    )
    kinds = (
        (in_pods > 0, Copies(((pods[0], "!=", ""),), tuple(taken))),
        (in_pods < total, Copies(((pods[0], "=", ""),), tuple(elsewhere))),
    )
    chosen = [some for exists, some in kinds if exists]
    return tuple(chosen) if len(chosen) > 1 else tuple(Copies((), some.without) for some in chosen)


def scraped_times(rows: Iterable[Sample]) -> float | None:
    """Return how many times over the traffic counters are stored; None while there are none."""
    totals = {"stored": 0.0, "once": 0.0}
    for labels, value in rows:
        kind = labels.get("fact", "").partition(" ")[0]
        if kind in totals:
            totals[kind] += value
    return totals["stored"] / totals["once"] if totals["once"] else None


def eras(found: Counts, by_version: Sequence[Sample]) -> tuple[EraFound, ...]:
    """Return which generations of telemetry there are, with their traffic counters."""
    ztunnel = max(found[name] for name in ZTUNNEL)
    waypoint = found["waypoint"] + found["waypoint tcp"]
    mixer_1 = found["uncanonical"] + found["uncanonical tcp"] if found[MIXER_1] else 0.0
    wasm = sum(count for labels, count in by_version if _is_wasm(labels.get("tag", "")))
    native = sum(count for labels, count in by_version if _is_native(labels.get("tag", "")))
    # Proxies whose version is not told: those that say nothing of clusters are older than 1.10.
    left = found[REQUESTS] + found[TCP] - ztunnel - waypoint - mixer_1
    if not wasm and not native:
        wasm = max(0.0, found["clusterless"] - mixer_1)
        native = max(0.0, left - wasm)
    counts: tuple[tuple[Era, float], ...] = (
        ("mixer-0", sum(found[name] for name in MIXER_0_TRAFFIC)),
        ("mixer-1", mixer_1),
        ("wasm", wasm),
        ("native", native),
        ("ztunnel", ztunnel),
        ("waypoint", waypoint),
    )
    return tuple({"era": era, "series": int(count)} for era, count in counts if count > 0)


def _version(tag: str) -> tuple[int, int] | None:
    match = _TAG.match(tag)
    return (int(match[1]), int(match[2])) if match else None


def _is_wasm(tag: str) -> bool:
    version = _version(tag)
    return version is not None and (1, 5) <= version < _NATIVE_FROM


def _is_native(tag: str) -> bool:
    version = _version(tag)
    return version is not None and version >= _NATIVE_FROM


def _in_order(tag: str) -> list[tuple[int, str]]:
    """Return what sorts versions by their numbers: 1.9 is before 1.24, 1.24.0-rc.1 with 1.24.0."""
    return [(int(number or 0), word) for number, word in re.findall(r"(\d+)|([a-z]+)", tag.lower())]


def versions(rows: Iterable[Sample]) -> tuple[IstioVersion, ...]:
    """Return the components and versions that report, in order."""
    found = sorted(
        ((labels.get("component", ""), labels.get("tag", ""), n) for labels, n in rows),
        key=lambda row: (row[0], _in_order(row[1]), row[1]),
    )
    return tuple(
        {"component": component, "version": tag or "unknown", "count": int(count)}
        for component, tag, count in found
        if component
    )


COUNTED_ONCE = "every series is counted once."


def apart(rows: Iterable[Sample]) -> Mapping[str, tuple[str, ...]]:
    """Return the labels that tell copies apart, each with its values; "" where it is missing."""
    found: dict[str, set[str]] = {}
    for labels, _ in rows:
        label = labels.get("fact", "").removeprefix("apart ")
        found.setdefault(label, set()).add(labels.get(label, ""))
    return {label: tuple(sorted(found[label])) for label in sorted(found)}


def copies_warning(
    times: float | None, jobs: Mapping[str, float], labels: Mapping[str, tuple[str, ...]]
) -> tuple[str, str] | None:
    """Return that proxies are scraped several times, and what to do; None if they are not.

    ``labels`` tell the copies apart.
    """
    if times is None or times <= 1:
        return None
    busiest = sorted(jobs, key=lambda job: (-jobs[job], job))[:_JOBS_SHOWN]
    who = f"jobs: {', '.join(busiest)}" if len(busiest) > 1 else f"job: {', '.join(busiest)}"
    differ = [
        f"{label} ({', '.join(value or 'none' for value in values[:_JOBS_SHOWN])})"
        for label, values in labels.items()
        if label != "job"
    ]
    who += f"; the copies differ in {' and '.join(differ)}" if differ else ""
    told = f"Proxies are scraped {times:.3g} times over ({who}): {COUNTED_ONCE}"
    return told, _remedy(jobs, labels)


def _remedy(jobs: Iterable[str], labels: Mapping[str, tuple[str, ...]]) -> str:
    federating = sorted(job for job in jobs if "federat" in job)
    if federating:
        matcher = f'job!="{federating[0]}"'
    elif "" in (external := labels.get("cluster") or labels.get("prometheus") or ()):
        label = "cluster" if labels.get("cluster") == external else "prometheus"
        matcher = f'{label}=""'
    elif pairs := [label for label in labels if label in REPLICAS - {"job"}]:
        return (
            "Two servers store the same: let whoever answers for both take one (Thanos: dedup), or "
            f"leave one out with MESHVIZ_SELECTOR={pairs[0]}=..."
        )
    else:
        return "Scrape each pod in one job only, to save Prometheus the work."
    return (
        "This is federation beside direct scraping: leave one of them out, as with "
        f"MESHVIZ_SELECTOR={matcher}"
    )


def warnings(known: Shape, copied: tuple[str, str] | None) -> tuple[str, ...]:
    """Return what is odd about the way the series are stored, and what is done about it."""
    found = [" ".join(copied)] if copied else []
    if known.genuine:
        found.append(
            "Recording rules write copies of istio_requests_total under its own name: series "
            "without a job are left out. Give recorded series names of their own."
        )
    if known.waypoint_copies:
        found.append(
            "Recording rules copy what waypoints report into other reporters: the copies are left "
            "out. Remove such rules, or give recorded series names of their own."
        )
    return tuple(found)
