"""What the mesh tells: which metrics of which generation, and how complete their labels are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from graph.core.samples import Harvest, Sample
from graph.core.wire import SourceFacts
from graph.doctor.finding import Finding, amber, green, red, several, share, together
from graph.doctor.patient import Target
from graph.doctor.scraping import commonest

# What each answer is needed for, where any traffic of its kind was seen.
_HTTP_NEEDS = {"duration_count": "mean latency"}
_BUCKET_NEEDS = {"duration_buckets": "latency quantiles"}
_TCP_NEEDS = {"tcp_sent": "bytes of TCP", "tcp_opened": "TCP connections"}
# A few series without a label are odd requests, half of them are a configuration.
_COMPLETE = 0.95
_HALF = 0.5
_NOBODY = frozenset({"", "-", "unknown"})


def judge_metrics(
    fast: Harvest, slow: Harvest | None, facts: SourceFacts, targets: list[Target]
) -> Finding:
    """Judge which of Istio's metrics are there, as a tick sees them; None: no slow lane."""
    answers = {**fast.answers, **(slow.answers if slow else {})}
    counts = {question: len(rows) for question, rows in answers.items() if rows}
    eras = ", ".join(f"{found['era']} ({found['series']:,} series)" for found in facts["eras"])
    found = f"Telemetry found: {eras}. " if eras else ""
    if not counts.get("requests") and not any(counts.get(name) for name in _TCP_NEEDS):
        return _nothing(fast, found, targets)
    needed = {**_HTTP_NEEDS, **(_BUCKET_NEEDS if slow else {})}
    missing = _missing(counts, "requests", needed) + _missing(counts, "tcp_sent", _TCP_NEEDS)
    told = f"{found}{sum(counts.values()):,} rows a tick, of {len(counts)} metrics."
    # In the order of the facts, which is that of versions.
    versions = [v["version"] for v in facts["istio_versions"] if v["component"] == "proxy"]
    told += f" Proxies of Istio {several(versions)}." if versions else ""
    if not missing:
        return green(told)
    return amber(
        f"{told} Not found: {', '.join(missing)}.",
        "Does a scrape or relabelling rule drop these metrics, or is Istio told to leave them out?",
    )


def _nothing(fast: Harvest, found: str, targets: list[Target]) -> Finding:
    if fast.istio_series:
        return amber(
            f"{found}{fast.istio_series:,} series of Istio are there, but nothing was counted in "
            "the window.",
            "Send some traffic through the mesh, or choose a longer window.",
        )
    if fast.left_out:
        return red(
            "None of the Istio series fits MESHVIZ_SELECTOR; without it there are "
            f"{fast.left_out:,}.",
            "Correct MESHVIZ_SELECTOR: are these the labels and values that the series have?",
        )
    down = [target.error for target in targets if not target.is_up]
    said = f" {share(len(down), len(targets))} targets of any job are down" if down else ""
    said += f": {errors}." if (errors := commonest(down)) else "." if down else ""
    return red(
        f"There are no Istio metrics: no istio_requests_total, no istio_tcp_*.{said}",
        "Check that Prometheus scrapes sidecars, gateways and ztunnels (port 15020 or 15090), and "
        "that MESHVIZ settings for selectors and metric names fit.",
    )


def _missing(counts: Mapping[str, int], kind: str, needs: Mapping[str, str]) -> list[str]:
    if not counts.get(kind):
        return []
    return [f"{name} ({use})" for name, use in needs.items() if not counts.get(name)]


@dataclass(frozen=True, slots=True)
class Need:
    """A label, the series that ought to have it, and what is lost without it."""

    name: str
    # Returns the labels of which one has to be known, none when the series need not have it.
    of: Callable[[Mapping[str, str]], tuple[str, ...]]
    loss: str
    # Without it numbers would be wrong or nodes nameless, not only poorer.
    vital: bool = False


def _own(*labels: str) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """Ask the reporting proxy for labels of its own end: it always knows them."""

    def own(series: Mapping[str, str]) -> tuple[str, ...]:
        end = "source" if series.get("reporter") == "source" else "destination"
        return tuple(f"{end}_{label}" for label in labels)

    return own


def _proven(series: Mapping[str, str]) -> tuple[str, ...]:
    """Ask for identities where the server's proxy checked them."""
    secure = series.get("connection_security_policy") == "mutual_tls"
    return ("source_principal",) if secure else ()


def _server_side(*labels: str) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    def ask(series: Mapping[str, str]) -> tuple[str, ...]:
        return labels if series.get("reporter") in ("destination", "waypoint") else ()

    return ask


def _http(*labels: str) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    def ask(series: Mapping[str, str]) -> tuple[str, ...]:
        return labels if series.get("request_protocol", "http") != "tcp" else ()

    return ask


NEEDS = (
    Need("reporter", lambda series: ("reporter",), "their traffic is left out", vital=True),
    Need(
        "workload, canonical service or app",
        _own("workload", "canonical_service", "app"),
        "nodes have no names",
        vital=True,
    ),
    Need("response code", _http("response_code"), "errors cannot be told", vital=True),
    Need("workload", _own("workload"), "workloads are drawn as their apps"),
    Need("namespace", _own("workload_namespace"), "equal names of two namespaces become one node"),
    Need("canonical service or app", _own("canonical_service", "app"), "app graphs show workloads"),
    Need("revision or version", _own("canonical_revision", "version"), "versions look alike"),
    Need("cluster", _own("cluster"), "equal names of two clusters become one node"),
    Need("service name", _server_side("destination_service_name"), "service graphs have gaps"),
    Need("response flags", _http("response_flags"), "failures without a server look like others"),
    Need("security policy", _server_side("connection_security_policy"), "mutual TLS is unknown"),
    Need("principal", _proven, "identities are not shown"),
)


# What Mixer never told, whoever scrapes it however; 1.x said all but the first of it.
_MIXER_1_LACKS = frozenset({"cluster"})
_MIXER_0_LACKS = _MIXER_1_LACKS | {"workload", "response flags", "principal"}


def never_told(eras: Collection[str]) -> frozenset[str]:
    """Return the names of the needs that no proxy of these generations can meet."""
    if not eras or not all(era.startswith("mixer-") for era in eras):
        return frozenset()
    return _MIXER_0_LACKS if "mixer-0" in eras else _MIXER_1_LACKS


def judge_labels(rows: Iterable[Sample], facts: SourceFacts) -> Finding:
    """Judge how complete the labels of the traffic counters are."""
    lacking = never_told([found["era"] for found in facts["eras"]])
    series = [labels for labels, _ in rows]
    if not series:
        return amber("There are no series to look at.", "Send some traffic through the mesh.")
    return together([_judge(need, series, lacking) for need in NEEDS] + [_summary(series)])


def _judge(need: Need, series: list[Mapping[str, str]], lacking: frozenset[str]) -> Finding:
    asked = [(labels, names) for labels in series if (names := need.of(labels))]
    having = sum(any(labels.get(n, "") not in _NOBODY for n in names) for labels, names in asked)
    # "-" is how Envoy writes that a request has no flags, which is an answer.
    if need.name == "response flags":
        having = sum(bool(labels.get("response_flags")) for labels, _ in asked)
    if not asked or having >= _COMPLETE * len(asked):
        return green("")
    percent = int(100 * having / len(asked))
    told = f"{percent} % of {len(asked):,} series have {need.name}: {need.loss}."
    if need.name in lacking:
        return amber(told, "Mixer never tells this; proxies of Istio 1.5 and later do.")
    judge = red if need.vital and having < _HALF * len(asked) else amber
    return judge(
        told,
        "Look for tagOverrides in Telemetry resources and for metric_relabel_configs that drop "
        "labels.",
    )


def _summary(series: list[Mapping[str, str]]) -> Finding:
    return green(f"{len(series):,} traffic series looked at.")
