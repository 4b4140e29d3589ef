"""The telemetry pages, as Prometheus reads them."""

import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from graph.demo.prometheus import CACHED
from graph.demo.simulator import Simulator
from tests.demo.meshes import named, page, parse, run, shop

FAMILIES = {
    "istio_build": "gauge",
    "istio_requests_total": "counter",
    "istio_request_duration_milliseconds": "histogram",
    "istio_request_bytes": "histogram",
    "istio_response_bytes": "histogram",
    "istio_request_messages_total": "counter",
    "istio_response_messages_total": "counter",
    "istio_tcp_connections_opened_total": "counter",
    "istio_tcp_connections_closed_total": "counter",
    "istio_tcp_sent_bytes_total": "counter",
    "istio_tcp_received_bytes_total": "counter",
}
BOUNDS = (
    *("0.5", "1", "5", "10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000"),
    *("30000", "60000", "300000", "600000", "1800000", "3600000", "+Inf"),
)


@pytest.fixture(scope="module")
def mesh() -> Simulator:
    """The named applications after a minute with failing payments."""
    return run(named(), steps=120, scenario="payments-503")


@pytest.fixture(scope="module")
def everything(mesh: Simulator) -> str:
    return mesh.exposition.page(mesh.pods.reporting(), merged=True).decode()


def _promtool() -> str:
    beside = CACHED.with_name("promtool")
    found = shutil.which("promtool") or (str(beside) if beside.exists() else None)
    if found is None:
        pytest.skip("promtool is neither on PATH nor in .cache/prometheus/bin")
    return found


def test_every_family_of_istio_is_there_with_its_type(everything: str) -> None:
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", everything, re.MULTILINE))

    assert types == FAMILIES


def test_a_family_stands_together(everything: str) -> None:
    names = [re.split(r"[{ ]", line)[0] for line in everything.splitlines() if line[0] != "#"]
    families = [re.sub(r"_(bucket|sum|count)$", "", name) for name in names]
    runs = [family for family, _ in itertools.groupby(families)]

    assert len(runs) == len(set(runs))


@pytest.mark.parametrize("merged", [False, True], ids=["one pod", "many pods"])
def test_promtool_reads_the_page(mesh: Simulator, merged: bool) -> None:
    slots = mesh.pods.reporting()
    body = mesh.exposition.page(slots if merged else slots[2:3], merged=merged)

    checked = subprocess.run(
        [_promtool(), "check", "metrics"], input=body, capture_output=True, check=False
    )

    # 3 is advice on names, which are Istio's to choose; 1 would be a page that cannot be read.
    assert checked.returncode in (0, 3), checked.stderr.decode()
    assert b"error" not in checked.stderr.lower()


def test_no_series_is_there_twice(everything: str) -> None:
    series = [line.rpartition(" ")[0] for line in everything.splitlines() if line[0] != "#"]

    assert len(series) == len(set(series))


def test_every_request_label_set_has_its_67_series(mesh: Simulator) -> None:
    seen = page(mesh, "bookinfo/reviews-v1")
    sets = len(seen["istio_requests_total"])
    total = sum(len(series) for name, series in seen.items() if name != "istio_build")

    assert sets > 0
    assert total == 67 * sets


def test_bucket_labels_come_last_in_istios_text(mesh: Simulator) -> None:
    seen = page(mesh, "bookinfo/reviews-v1")["istio_request_duration_milliseconds_bucket"]
    bounds = [labels.rpartition(",")[2] for labels in seen]

    assert bounds[: len(BOUNDS)] == [f'le="{bound}"' for bound in BOUNDS]


def test_buckets_rise_to_the_count(everything: str) -> None:
    seen = parse(everything)
    for name in ("istio_request_duration_milliseconds", "istio_request_bytes"):
        rows: dict[str, list[float]] = {}
        for labels, value in seen[f"{name}_bucket"].items():
            rows.setdefault(re.sub(r',le="[^"]*"', "", labels), []).append(value)
        for labels, values in rows.items():
            assert values == sorted(values)
            assert values[-1] == seen[f"{name}_count"][labels]


def test_failures_before_the_server_are_the_clients_alone(everything: str) -> None:
    seen = parse(everything)["istio_requests_total"]
    lost = [labels for labels in seen if re.search(r'response_flags="U[HFO]"', labels)]

    assert lost
    assert all(labels.startswith('reporter="source"') for labels in lost)
    assert all('destination_workload="unknown"' in labels for labels in lost)


def test_a_gateway_reports_only_what_it_sends(mesh: Simulator) -> None:
    seen = page(mesh, "istio-system/istio-ingressgateway")["istio_requests_total"]

    assert seen
    assert all(labels.startswith('reporter="source"') for labels in seen)


def test_a_percent_sign_in_a_label_stays_what_it_is(tmp_path: Path) -> None:
    mesh = shop(tmp_path)
    services = [s if s.namespace else replace(s, host="50%d.example.com") for s in mesh.services]
    simulator = run(replace(mesh, services=tuple(services)), steps=20)

    seen = page(simulator, "shop/front-v1")["istio_requests_total"]
    assert any('destination_service="50%d.example.com"' in labels for labels in seen)


def test_merged_pages_name_the_pod_of_each_series(mesh: Simulator, everything: str) -> None:
    names = set(re.findall(r',pod="([^"]+)"', everything))

    assert names == {mesh.pods.serving[slot].name for slot in mesh.pods.reporting()}
