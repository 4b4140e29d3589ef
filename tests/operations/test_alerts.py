"""promtool fires every alert that comes along in bad times, and none in good ones."""

import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from graph.demo.backfill import find_promtool
from tests.served import ROOT

pytestmark = pytest.mark.prometheus

FOLDER = ROOT / "deploy" / "prometheus"
FILES = ("meshviz-alerts", "mesh-alerts")


class Case(NamedTuple):
    """Series by which an alert fires, and series by which it does not; a value for each minute."""

    bad: dict[str, str]
    good: dict[str, str]


ON = 'job="m",instance="i"'
TO = 'destination_workload_namespace="shop",destination_workload="cart"'
AT = f'reporter="destination",{TO}'
FROM = 'source_workload_namespace="shop",source_workload="web",destination_service_name="cart"'
MINUTES = 120


def counts(per_minute: int) -> str:
    return f"0+{per_minute}x{MINUTES}"


def stays(value: float) -> str:
    return f"{value}x{MINUTES}"


def requests(
    errors: int, total: int, label: str, bad: str, good: str, more: str = ""
) -> dict[str, str]:
    at = f"{AT}{more}"
    return {
        f'istio_requests_total{{{at},{label}="{bad}"}}': counts(errors),
        f'istio_requests_total{{{at},{label}="{good}"}}': counts(total - errors),
    }


def sent(refused: int) -> dict[str, str]:
    return {
        f'istio_requests_total{{reporter="source",{FROM},response_flags="UH"}}': counts(refused),
        f'istio_requests_total{{reporter="source",{FROM},response_flags="-"}}': counts(60),
    }


def lasting(quick: int) -> dict[str, str]:
    name = "istio_request_duration_milliseconds_bucket"
    return {
        f'{name}{{{AT},le="100"}}': counts(quick),
        f'{name}{{{AT},le="5000"}}': counts(60),
        f'{name}{{{AT},le="+Inf"}}': counts(60),
        f'istio_requests_total{{{AT},response_code="200"}}': counts(60),
    }


def fed(age_s: float, cadence_s: float) -> dict[str, str]:
    labels = f'{ON},window="1m"'
    return {
        f"meshviz_feed_age_seconds{{{labels}}}": stays(age_s),
        f"meshviz_feed_cadence_seconds{{{labels}}}": stays(cadence_s),
    }


def of_two(name: str, bad: str, of: str, parts: int, whole: int) -> dict[str, str]:
    return {f"{name}{{{ON},{bad}}}": counts(parts), f"{of}": counts(whole)}


BUILD = f'meshviz_build_info{{{ON},mode="embedded",version="1"}}'
CASES = {
    "MeshvizAbsent": Case({"up": "1x120"}, {BUILD: stays(1)}),
    "MeshvizWithoutData": Case(
        {f'meshviz_feed_up{{{ON},window="1m"}}': stays(0)},
        {f'meshviz_feed_up{{{ON},window="1m"}}': stays(1)},
    ),
    "MeshvizDataOld": Case(fed(90, 5), fed(20, 5)),
    "MeshvizQueriesFail": Case(
        of_two(
            "meshviz_query_errors_total",
            'question="requests"',
            f'meshviz_query_seconds_count{{{ON},question="requests"}}',
            3,
            12,
        ),
        of_two(
            "meshviz_query_errors_total",
            'question="requests"',
            f'meshviz_query_seconds_count{{{ON},question="requests"}}',
            1,
            12,
        ),
    ),
    "MeshvizStretched": Case(fed(5, 90), fed(5, 30)),
    "MeshvizBug": Case(
        {f'meshviz_ticks_failed_total{{{ON},window="1m",reason="bug"}}': counts(1)},
        {f'meshviz_ticks_failed_total{{{ON},window="1m",reason="timeout"}}': counts(1)},
    ),
    "MeshvizFull": Case(
        {f'meshviz_refused_total{{{ON},cap="viewers"}}': counts(1)},
        {f'meshviz_refused_total{{{ON},cap="viewers"}}': stays(7)},
    ),
    "MeshvizTurnsAway": Case(
        {f'meshviz_turned_away_total{{{ON},reason="busy"}}': counts(120)},
        {f'meshviz_turned_away_total{{{ON},reason="busy"}}': counts(30)},
    ),
    "MeshvizErrors": Case(
        of_two(
            "meshviz_requests_total",
            'route="/",status="503"',
            f'meshviz_requests_total{{{ON},route="/",status="200"}}',
            10,
            90,
        ),
        of_two(
            "meshviz_requests_total",
            'route="/",status="503"',
            f'meshviz_requests_total{{{ON},route="/",status="200"}}',
            1,
            99,
        ),
    ),
    "MeshvizLoopLate": Case(
        {
            f"meshviz_loop_lag_seconds_sum{{{ON}}}": counts(24),
            f"meshviz_loop_lag_seconds_count{{{ON}}}": counts(120),
        },
        {
            f"meshviz_loop_lag_seconds_sum{{{ON}}}": counts(1),
            f"meshviz_loop_lag_seconds_count{{{ON}}}": counts(120),
        },
    ),
    "MeshvizRestarts": Case(
        {BUILD: stays(1), f"process_start_time_seconds{{{ON}}}": f"0+60x{MINUTES}"},
        {BUILD: stays(1), f"process_start_time_seconds{{{ON}}}": stays(60)},
    ),
    "MeshvizNothingKept": Case(
        {f'meshviz_kept{{{ON},window="{window}"}}': stays(0) for window in ("1m", "5m")},
        {
            f'meshviz_kept{{{ON},window="1m"}}': stays(1),
            f'meshviz_kept{{{ON},window="5m"}}': stays(0),
        },
    ),
    "MeshvizBeatSilent": Case(
        {f"meshviz_beat_sent_timestamp_seconds{{{ON}}}": stays(60)},
        {f"meshviz_beat_sent_timestamp_seconds{{{ON}}}": f"0+60x{MINUTES}"},
    ),
    "MeshvizSignInsRefused": Case(
        {f'meshviz_sign_ins_refused_total{{{ON},reason="wrong"}}': counts(60)},
        {f'meshviz_sign_ins_refused_total{{{ON},reason="wrong"}}': counts(6)},
    ),
    "MeshErrors": Case(
        requests(6, 60, "response_code", "503", "200"),
        requests(1, 60, "response_code", "503", "404"),
    ),
    "MeshGrpcErrors": Case(
        requests(6, 60, "grpc_response_status", "14", "0", ',request_protocol="grpc"'),
        requests(6, 60, "grpc_response_status", "5", "0", ',request_protocol="grpc"'),
    ),
    "MeshUnreachable": Case(sent(10), sent(1)),
    "MeshSlow": Case(lasting(50), lasting(60)),
    "MeshPlaintext": Case(
        requests(6, 60, "connection_security_policy", "none", "mutual_tls"),
        requests(0, 60, "connection_security_policy", "none", "mutual_tls"),
    ),
    "MeshSilent": Case(
        {f"istio_requests_total{{{AT}}}": "0+60x60 3600x60"},
        {f"istio_requests_total{{{AT}}}": counts(60)},
    ),
    "MeshTelemetryMissing": Case(
        {"up": "1x120"}, {f"istio_tcp_sent_bytes_total{{{AT}}}": counts(1)}
    ),
}


def alerts(name: str) -> dict[str, dict[str, Any]]:
    """Return the alerts of a file by their names."""
    groups = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


ALL = {name: rule for file in FILES for name, rule in alerts(file).items()}


def test_every_alert_has_a_case() -> None:
    assert ALL.keys() == CASES.keys()


@pytest.mark.parametrize("file", FILES)
def test_promtool_takes_the_rules(file: str) -> None:
    checked = subprocess.run(
        [find_promtool(), "check", "rules", str(FOLDER / f"{file}.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("file", FILES)
def test_manifest_has_the_same_rules(file: str) -> None:
    manifest = yaml.safe_load((FOLDER / f"{file}-prometheusrule.yaml").read_text())
    plain = yaml.safe_load((FOLDER / f"{file}.yaml").read_text())

    assert manifest["kind"] == "PrometheusRule"
    assert manifest["spec"] == plain


@pytest.mark.parametrize("name", CASES)
def test_alert_fires_in_bad_times_only(name: str, tmp_path: Path) -> None:
    """The moment looked at is when traffic that ended in the middle has been missed for a while."""
    at = "85m"
    test = {
        "rule_files": [str(FOLDER / f"{file}.yaml") for file in FILES],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": series, "values": values} for series, values in given.items()
                ],
                "promql_expr_test": [
                    {
                        "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})',
                        "eval_time": at,
                        "exp_samples": [{"labels": "{}", "value": 1}] if fires else [],
                    }
                ],
            }
            for given, fires in zip(CASES[name], (True, False), strict=True)
        ],
    }
    path = tmp_path / "test.yaml"
    path.write_text(yaml.safe_dump(test))
    tested = subprocess.run(
        [find_promtool(), "test", "rules", str(path)], capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("name", ALL)
def test_alert_says_what_it_is_and_where_to_look(name: str) -> None:
    notes = ALL[name]["annotations"]
    document, _, anchor = notes["runbook"].partition("#")

    assert notes["summary"].endswith(".")
    assert notes["description"].endswith(".")
    assert anchor == name.lower()
    # A path is no address: Alertmanager and Grafana make a link of `runbook_url`.
    assert "runbook_url" not in notes
    assert f"### {name}\n" in (ROOT / document).read_text()
