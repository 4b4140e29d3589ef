"""Metrics and labels, in every colour."""

from dataclasses import replace

import pytest

from graph.core.samples import Sample
from graph.doctor.patient import Target
from graph.doctor.telemetry import NEEDS, judge_labels, judge_metrics
from tests.doctor.papers import facts, harvest
from tests.make import buckets, labels, request, tcp

WHOLE = {"requests": [request(5.0)], "duration_count": [Sample(labels(), 5.0)]}
SLOW = harvest(duration_buckets=buckets({"10": 1.0}))


def test_every_metric_is_there() -> None:
    found = judge_metrics(harvest(**WHOLE), SLOW, facts(), [])

    assert found.state == "green"
    assert "native (1,200 series)" in found.detail
    assert "Istio 1.24.2" in found.detail


@pytest.mark.parametrize(
    ("fast", "words"),
    [
        ({"requests": [request(5.0)]}, "duration_count (mean latency)"),
        ({**WHOLE, "tcp_sent": [tcp(1.0)]}, "tcp_opened (TCP connections)"),
    ],
    ids=["durations", "connections"],
)
def test_a_metric_that_others_need_is_missing(fast: dict[str, list[Sample]], words: str) -> None:
    found = judge_metrics(harvest(**fast), SLOW, facts(), [])

    assert found.state == "amber"
    assert words in found.detail


def test_buckets_are_missed_only_when_they_were_asked_for() -> None:
    without = judge_metrics(harvest(**WHOLE), harvest(), facts(), [])
    unasked = judge_metrics(harvest(**WHOLE), None, facts(), [])

    assert (without.state, unasked.state) == ("amber", "green")
    assert "latency quantiles" in without.detail


def test_a_tcp_mesh_needs_no_requests() -> None:
    fast = harvest(tcp_sent=[tcp(1.0)], tcp_opened=[tcp(1.0)])

    assert judge_metrics(fast, harvest(), facts(), []).state == "green"


def test_a_silent_mesh_is_no_missing_mesh() -> None:
    found = judge_metrics(harvest(series=400), harvest(), facts(), [])

    assert found.state == "amber"
    assert "400 series" in found.detail


def test_no_istio_metrics_at_all_with_what_targets_say() -> None:
    down = Target("pods", "15s", False, "sample limit exceeded")

    found = judge_metrics(harvest(series=0), harvest(), facts(eras=[]), [down, down])

    assert found.state == "red"
    assert "2 of 2 (100 %) targets of any job are down: 2 × sample limit exceeded" in found.detail


def test_a_selector_that_fits_nothing_is_to_blame() -> None:
    fast = replace(harvest(series=0), left_out=1200)

    found = judge_metrics(fast, harvest(), facts(eras=[]), [])

    assert found.state == "red"
    assert "without it there are 1,200" in found.detail
    assert "MESHVIZ_SELECTOR" in found.advice


@pytest.mark.parametrize(
    ("eras", "relabelled"),
    [
        (["mixer-0"], False),
        (["mixer-0", "mixer-1"], False),
        (["mixer-1"], True),
        (["mixer-0", "native"], True),
        ([], True),
    ],
)
def test_what_mixer_never_told_is_no_matter_of_relabelling(
    eras: list[str], relabelled: bool
) -> None:
    told = facts(eras=[{"era": era, "series": 9} for era in eras])

    found = judge_labels([without(LOST["response flags"])], told)

    assert found.state == "amber"
    assert ("metric_relabel_configs" in found.advice) is relabelled
    assert ("Mixer never" in found.advice) is not relabelled


def test_whole_labels() -> None:
    found = judge_labels([request(1), request(1, reporter="source")], facts())

    assert found.state == "green"
    assert "2 traffic series" in found.detail


LOST = {
    "reporter": ["reporter"],
    "workload, canonical service or app": [
        *("source_workload", "destination_workload", "source_canonical_service"),
        *("destination_canonical_service",),
    ],
    "response code": ["response_code"],
    "workload": ["destination_workload"],
    "namespace": ["destination_workload_namespace"],
    "canonical service or app": ["destination_canonical_service"],
    "revision or version": ["destination_canonical_revision"],
    "cluster": ["destination_cluster"],
    "service name": ["destination_service_name"],
    "response flags": ["response_flags"],
    "security policy": ["connection_security_policy"],
    "principal": ["source_principal"],
}


def without(names: list[str]) -> Sample:
    sample = request(1)
    return Sample({n: v for n, v in sample.labels.items() if n not in names}, sample.value)


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.name)
def test_a_label_that_is_lost_is_told_with_what_it_breaks(need) -> None:  # type: ignore[no-untyped-def]
    found = judge_labels([without(LOST[need.name])], facts())

    assert found.state == ("red" if need.vital else "amber")
    assert f"0 % of 1 series have {need.name}: {need.loss}." in found.detail


def test_a_vital_label_lost_here_and_there_is_no_catastrophe() -> None:
    found = judge_labels([*[request(1)] * 8, *[without(["response_code"])] * 2], facts())

    assert found.state == "amber"
    assert "80 % of 10 series have response code" in found.detail


def test_peers_outside_the_mesh_may_be_unknown() -> None:
    unknown = {
        "destination_workload": "unknown",
        "destination_canonical_service": "unknown",
        "destination_cluster": "unknown",
        "destination_principal": "unknown",
    }

    assert judge_labels([request(1, reporter="source", **unknown)], facts()).state == "green"


def test_tcp_has_no_response_codes() -> None:
    assert judge_labels([tcp(1.0)], facts()).state == "green"


def test_plaintext_has_no_identities() -> None:
    plain = request(1, source_principal="unknown", connection_security_policy="none")

    assert judge_labels([plain], facts()).state == "green"


def test_no_series_no_judgement() -> None:
    assert judge_labels([], facts()).state == "amber"
