"""Finding a Prometheus, and what it sees of the simulated mesh."""

from collections import defaultdict
from pathlib import Path

import pytest

from graph.demo.prometheus import NoPrometheusError, find_prometheus
from graph.demo.truth import TrueRange
from tests.stack import PrometheusServer, Simulator, wait_until

WINDOW_S = 10
# So many requests that chance stays below the tolerance in so short a window.
LOAD = 12


def _program(folder: Path, name: str = "prometheus") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def test_the_named_prometheus_wins(tmp_path: Path) -> None:
    named, on_path = _program(tmp_path / "a"), _program(tmp_path / "b")
    environment = {"MESHVIZ_DEMO_PROMETHEUS": str(named), "PATH": str(on_path.parent)}

    assert find_prometheus(environment) == named


def test_path_comes_before_the_cache(tmp_path: Path) -> None:
    on_path, cached = _program(tmp_path / "a"), _program(tmp_path / "b")

    assert find_prometheus({"PATH": str(on_path.parent)}, cached) == on_path
    assert find_prometheus({"PATH": str(tmp_path)}, cached) == cached


def test_without_prometheus_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoPrometheusError) as caught:
        find_prometheus({"PATH": str(tmp_path)}, tmp_path / "missing")

    for way in ("scripts/get-prometheus", "apt-get install", "MESHVIZ_DEMO_PROMETHEUS="):
        assert way in str(caught.value)


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_a_named_prometheus_has_to_be_a_program(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    environment = {"MESHVIZ_DEMO_PROMETHEUS": str(tmp_path / name), "PATH": ""}

    with pytest.raises(NoPrometheusError, match=name):
        find_prometheus(environment)


@pytest.mark.prometheus
def test_prometheus_sees_what_flowed(tmp_path: Path) -> None:
    with (
        Simulator("payments-503", load=LOAD) as mesh,
        PrometheusServer(mesh, tmp_path, scrape_interval_s=1) as prometheus,
    ):
        prometheus.wait_for_samples(WINDOW_S + 4)
        at = mesh.now()["at"] - 2
        seen = _rates(prometheus, at)
        true = _true(mesh.truth(at - WINDOW_S, at))

    assert set(seen) == set(true)
    # Scrapes are a second apart: at each end of the window up to a second's worth is missing or
    # extra, which is noise in proportion to the square root of the requests.
    for key, rps in true.items():
        slack = 0.05 * rps + 4 * (rps * 2) ** 0.5 / WINDOW_S
        assert seen[key] == pytest.approx(rps, abs=slack), key


def _rates(prometheus: PrometheusServer, at: float) -> dict[tuple[str, str, str, str], float]:
    """Return requests per second by reporter, service, flags and security."""
    by = ("reporter", "destination_service", "response_flags", "connection_security_policy")
    query = f"sum by ({', '.join(by)}) (rate(istio_requests_total[{WINDOW_S}s]))"
    rates: dict[tuple[str, str, str, str], float] = {}
    for row in prometheus.query(query, at):
        metric, value = row["metric"], row["value"]
        rates[tuple(metric[name] for name in by)] = float(value[1])  # type: ignore[index]
    return rates


def _true(truth: TrueRange) -> dict[tuple[str, str, str, str], float]:
    rates: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for edge in truth["edges"]:
        if edge["protocol"] == "tcp":
            continue
        for outcome in edge["outcomes"]:
            rps = outcome["requests"] / truth["seconds"]
            if "source" in edge["reporters"]:
                rates["source", edge["service"], outcome["client_flags"], "unknown"] += rps
            if "destination" in edge["reporters"]:
                policy = "mutual_tls" if edge["mtls_ratio"] else "none"
                rates["destination", edge["service"], outcome["server_flags"], policy] += rps
    return dict(rates)


@pytest.mark.prometheus
def test_a_restarted_prometheus_keeps_its_data_and_goes_on(tmp_path: Path) -> None:
    with Simulator() as mesh, PrometheusServer(mesh, tmp_path) as prometheus:
        prometheus.wait_for_samples(2)
        before = prometheus.query("vector(time())")
        prometheus.kill()
        prometheus.restart()

        # The oldest sample is from before the crash, and new ones come in.
        first = "min(min_over_time(timestamp(istio_requests_total)[1h:1s]))"
        crash_at = float(before[0]["value"][1])  # type: ignore[index]
        assert float(prometheus.query(first)[0]["value"][1]) < crash_at  # type: ignore[index]
        newest = "max(timestamp(istio_requests_total))"
        wait_until(
            lambda: any(
                float(row["value"][1]) > crash_at + 1  # type: ignore[index]
                for row in prometheus.query(newest)
            )
        )


@pytest.mark.prometheus
def test_every_target_is_scraped_with_kubernetes_labels(tmp_path: Path) -> None:
    with Simulator() as mesh, PrometheusServer(mesh, tmp_path) as prometheus:
        pods = mesh.now()["pods"]
        wait_until(
            lambda: len(prometheus.query('up{job="kubernetes-pods"} == 1')) == pods,
            what=f"{pods} pods to be scraped",
        )
        rows = prometheus.query('istio_build{pod!="",namespace!="",instance=~".+:15020"}')

    assert len(rows) == pods
