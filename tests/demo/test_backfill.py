"""Scenarios written as scrapes: what a Prometheus would have stored, line by line."""

import re
from collections import Counter
from pathlib import Path

import pytest

from graph.demo.backfill import Recording, main, record
from graph.demo.scenarios import mesh_of
from graph.demo.simulator import Options, Simulator
from graph.demo.targets import JOB, SECOND_JOB, SLOW_JOB, Targets, stamped
from tests.demo.meshes import STARTED

SAMPLE = re.compile(r"(\w+)\{(.*)\} (\S+) (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Line = tuple[str, dict[str, str], float, float]


def play(scenario: str) -> Simulator:
    return Simulator(mesh_of(scenario), Options(scenario), STARTED)


def lines(scenario: str, seconds: float, recording: Recording | None = None) -> list[Line]:
    """Return name, labels, value and time of everything that was stored."""
    parts: list[bytes] = []
    record(play(scenario), seconds, recording or Recording(), parts.append)
    found = [SAMPLE.fullmatch(line) for line in b"".join(parts).decode().splitlines()]
    assert all(found)
    return [
        (match[1], dict(LABEL.findall(match[2])), float(match[3]), float(match[4]))
        for match in found
        if match
    ]


def test_every_target_is_scraped_once_an_interval() -> None:
    scraped = [(labels["pod"], at) for name, labels, _, at in lines("bookinfo", 20) if name == "up"]
    pods = Counter(pod for pod, _ in scraped)

    assert set(pods.values()) == {4}
    assert len(pods) == play("bookinfo").now()["pods"]
    assert len({at % 5 for _, at in scraped}) > 1, "all at the same moment"


def test_series_carry_what_discovery_and_the_job_attach() -> None:
    recording = Recording(labels={"scene": "x"})
    requests = [row for row in lines("bookinfo", 15, recording) if row[0] == "istio_requests_total"]

    assert requests
    for _, labels, _, _ in requests:
        assert labels["job"] == JOB
        assert labels["scene"] == "x"
        assert {"namespace", "pod", "instance", "source_workload"} <= labels.keys()
        assert "" not in labels.values(), "Prometheus has no empty labels"


def test_a_page_keeps_its_own_words_only_where_they_are_honored() -> None:
    recording = Recording(labels={"reporter": "job"})
    said = [row[1] for row in lines("bookinfo", 10, recording) if "source_app" in row[1]]
    renamed = [
        row[1]
        for row in lines("bookinfo", 10, Recording(labels={"reporter": "job"}, honor_labels=False))
        if "source_app" in row[1]
    ]

    assert {labels["reporter"] for labels in said} == {"source", "destination"}
    assert {labels["reporter"] for labels in renamed} == {"job"}
    assert {labels["exported_reporter"] for labels in renamed} == {"source", "destination"}


def test_what_is_dropped_is_not_stored_and_not_counted() -> None:
    every = lines("bookinfo", 10)
    fewer = lines("bookinfo", 10, Recording(drop="istio_request_.*"))

    def told(rows: list[Line]) -> float:
        return sum(v for name, _, v, _ in rows if name == "scrape_samples_post_metric_relabeling")

    assert not any(name.startswith("istio_request_") for name, _, _, _ in fewer)
    assert told(fewer) < told(every)


def test_a_failed_scrape_says_so_and_nothing_else() -> None:
    rows = lines("failing-scrapes", 40)
    failed = {at - STARTED for name, _, value, at in rows if name == "up" and value == 0}

    assert failed
    assert all((at - 0.5) % 20 >= 14.5 for at in failed)
    assert not {at - STARTED for name, _, _, at in rows if name.startswith("istio_")} & failed


def test_a_second_job_sees_the_same_counts_by_another_port() -> None:
    rows = [row for row in lines("twice", 10) if row[0] == "istio_requests_total"]
    by_job = {job: [row for row in rows if row[1]["job"] == job] for job in (JOB, SECOND_JOB)}

    assert len(by_job[JOB]) == len(by_job[SECOND_JOB]) > 0
    assert {row[1]["instance"].rpartition(":")[2] for row in by_job[SECOND_JOB]} == {"15090"}
    assert {row[1]["pod"] for row in by_job[JOB]} == {row[1]["pod"] for row in by_job[SECOND_JOB]}


def test_a_slow_namespace_has_a_job_and_an_interval_of_its_own() -> None:
    targets = Targets(play("slow-namespace")).all()
    slow = {target.labels.get("job") for target in targets if target.interval_s == 60}
    others = {target.labels.get("job") for target in targets if target.interval_s is None}

    assert slow == {SLOW_JOB}
    assert others == {None}


def test_pages_with_stamps_of_their_own_are_stored_under_these() -> None:
    rows = [row for row in lines("clock-skew", 30) if row[0] == "istio_build"]
    ends = {
        app: max(at for _, labels, _, at in rows if labels["app"] == app)
        for app in ("ratings", "details")
    }

    assert ends["ratings"] - ends["details"] == pytest.approx(30, abs=5)


def test_a_stamp_stands_behind_samples_and_not_behind_comments() -> None:
    page = b'# TYPE a counter\na{b="c d"} 1\n'

    assert stamped(page, 2.5) == b'# TYPE a counter\na{b="c d"} 1 2500\n'


@pytest.mark.prometheus
def test_the_command_leaves_blocks(tmp_path: Path) -> None:
    data = tmp_path / "data"

    assert main(["--scenario", "bookinfo", "--seconds", "20", "--data-dir", str(data)]) == 0
    assert list(data.glob("*/meta.json"))


def test_an_unknown_scenario_is_an_error_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--scenario", "party", "--data-dir", str(tmp_path)]) == 1
    assert "party" in capsys.readouterr().err
