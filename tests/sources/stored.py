"""Series written by hand into a real Prometheus, many small meshes told apart by ``scene``."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.demo.backfill import create_blocks

INTERVAL_S = 15
# How far back the data goes: beyond Prometheus' lookback of five minutes.
SPAN_S = 900

Values = Mapping[int, float]


def steady(per_s: float, *, start: int = -SPAN_S, end: int = 0, first: float = 1000.0) -> Values:
    """Return the samples of a counter by their second relative to the end."""
    stamps = range(start - start % INTERVAL_S, end + 1, INTERVAL_S)
    return {stamp: first + per_s * (stamp - stamps[0]) for stamp in stamps}


def flat(value: float, *, start: int = -SPAN_S, end: int = 0) -> Values:
    """Return the samples of something that does not change."""
    return steady(0.0, start=start, end=end, first=value)


def pod(name: str = "web-7d4f8b9c6-abcde", job: str = "pods", **more: str) -> dict[str, str]:
    """Return the labels that scraping one pod adds."""
    return {"job": job, "instance": f"{name}:15020", "pod": name, "namespace": "shop", **more}


def call(source: str = "web", target: str = "api", **more: str) -> dict[str, str]:
    """Return Istio's labels of requests from one workload to another."""
    made = {
        "reporter": "destination",
        "source_workload": source,
        "source_workload_namespace": "shop",
        "source_canonical_service": source,
        "destination_workload": target,
        "destination_workload_namespace": "shop",
        "destination_canonical_service": target,
        "destination_service": f"{target}.shop.svc.cluster.local",
        "destination_service_name": target,
        "destination_service_namespace": "shop",
        "request_protocol": "http",
        "response_code": "200",
        "response_flags": "-",
        "connection_security_policy": "mutual_tls",
    }
    return {**made, **more}


@dataclass
class Scene:
    """One small mesh. Every target that is named is up the whole time, unless said otherwise."""

    name: str
    series: list[tuple[str, dict[str, str], Values]] = field(default_factory=list)

    def add(self, metric: str, labels: Mapping[str, str], values: Values) -> "Scene":
        """Store a series; its target is up if nothing is said of it."""
        self.series.append((metric, {**labels, "scene": self.name}, values))
        return self

    def requests(self, scraped: Mapping[str, str], values: Values, **labels: str) -> "Scene":
        """Store requests from web to api."""
        return self.add("istio_requests_total", {**call(**labels), **scraped}, values)

    def everything(self) -> Iterable[tuple[str, dict[str, str], Values]]:
        """Yield the series, and `up` where it was not given."""
        yield from self.series
        told = {
            (labels["job"], labels["instance"])
            for metric, labels, _ in self.series
            if metric == "up"
        }
        found = {
            tuple(sorted(target.items())): target
            for metric, labels, _ in self.series
            if metric != "up" and (target := _target(labels))
        }
        for target in found.values():
            if (target["job"], target["instance"]) not in told:
                yield "up", target, flat(1)


def _target(labels: Mapping[str, str]) -> dict[str, str]:
    if not {"job", "instance"} <= labels.keys():
        return {}
    kept = ("job", "instance", "scene", "prometheus_replica", "cluster")
    return {name: labels[name] for name in kept if name in labels}


def store(scenes: Iterable[Scene], data: Path, folder: Path) -> float:
    """Write all scenes into Prometheus' folder; return the moment at which their data ends."""
    end = float(round(time.time()))
    by_metric: dict[str, list[tuple[dict[str, str], Values]]] = {}
    for scene in scenes:
        for metric, labels, values in scene.everything():
            by_metric.setdefault(metric, []).append((labels, values))
    page = folder / "page.txt"
    with page.open("w", encoding="utf-8") as out:
        for metric, found in by_metric.items():
            out.write(f"# TYPE {metric} unknown\n")
            for labels, values in found:
                listed = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
                out.writelines(
                    f"{metric}{{{listed}}} {value} {end + stamp}\n"
                    for stamp, value in sorted(values.items())
                )
        out.write("# EOF\n")
    create_blocks(page, data)
    return end


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
