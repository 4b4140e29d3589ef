"""Scrape interval, clock and version, from whatever the server can tell."""

from typing import Any

import pytest

from graph.sources import Garbled, Rejected, Unavailable, promql
from graph.sources.discovery import (
    Discovery,
    duration_s,
    flavor,
    interval_warnings,
    intervals_of_targets,
    slowest_that_matters,
    spacing,
)
from graph.sources.survey import Survey


def success(data: Any) -> dict[str, Any]:
    return {"status": "success", "data": data}


class Server:
    """Answers discovery's questions; an exception as an answer is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def get(self, path: str) -> dict[str, Any]:
        return self._give("buildinfo" if "buildinfo" in path else "targets")

    def ask(self, query: str) -> dict[str, Any]:
        if query == promql.SERVER_TIME:
            return self._give("time")
        return self._give("one_target" if query.startswith("topk") else "scrapes")

    def survey(self, at: float) -> Survey:
        return Survey(jobs=self.answers["jobs"])

    def _give(self, name: str) -> dict[str, Any]:
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return success(answer)


def vector(*rows: tuple[dict[str, str], str]) -> dict[str, Any]:
    result = [{"metric": metric, "value": [0, value]} for metric, value in rows]
    return {"resultType": "vector", "result": result}


NO_API = Rejected("no", "no")
TIME = {"resultType": "scalar", "result": [1000.0, "1000"]}
JOBS = {"pods": 90.0, "pods-slow": 3.0}
TARGETS = {
    "activeTargets": [
        *[{"scrapeInterval": "15s", "labels": {"job": "pods"}}] * 3,
        {"scrapeInterval": "5m", "labels": {"job": "pods-slow"}},
        *[{"scrapeInterval": "1m", "labels": {"job": "node-exporter"}}] * 9,
    ]
}
ORDINARY = {"time": TIME, "jobs": JOBS, "targets": TARGETS, "buildinfo": {"version": "3.1.0"}}


def run(**answers: Any) -> Discovery:
    server = Server(**{**ORDINARY, **answers})
    made = Discovery(server.get, server.ask, server.survey, None)
    made.run(now=990.0)
    return made


def test_the_interval_is_that_of_the_jobs_that_carry_istio_metrics() -> None:
    assert run().scrape_interval_s == 15


def test_the_clock_is_the_servers() -> None:
    assert run().clock_offset_s == pytest.approx(10, abs=0.5)


def test_the_version_is_told() -> None:
    assert run().version == "3.1.0"


def test_a_server_without_a_targets_api_is_asked_for_the_spacing_of_its_scrapes() -> None:
    made = run(
        targets=NO_API,
        buildinfo=NO_API,
        one_target=vector(({"job": "pods", "instance": "10.0.0.1:15020"}, "1")),
        scrapes={
            "resultType": "matrix",
            "result": [{"metric": {}, "values": [[t, "1"] for t in (0, 30, 60, 91, 120)]}],
        },
    )

    assert made.scrape_interval_s == 30
    assert made.version is None


def test_without_istio_metrics_there_is_no_interval() -> None:
    assert run(jobs={}).scrape_interval_s is None


def test_a_given_interval_is_not_looked_up() -> None:
    server = Server(time=TIME, buildinfo=NO_API, jobs=JOBS)
    made = Discovery(server.get, server.ask, server.survey, 60.0)

    made.run(now=990.0)

    assert made.scrape_interval_s == 60
    assert made.jobs == ("pods", "pods-slow")


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(Unavailable):
        run(time=Unavailable("down", "start it"))


def test_a_server_without_time_is_no_prometheus() -> None:
    with pytest.raises(Garbled):
        run(time={"resultType": "string"})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15s", 15), ("1m", 60), ("1m30s", 90), ("500ms", 0.5), ("", None), ("soon", None)],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert duration_s(text) == seconds


def test_of_equally_common_intervals_the_longer_is_safer() -> None:
    targets = [{"scrapeInterval": text, "labels": {"job": "pods"}} for text in ("15s", "30s")]

    assert intervals_of_targets(targets, ["pods"]) == {"pods": 30}


def test_the_slowest_job_that_matters_decides() -> None:
    intervals = {"east": 15.0, "west": 60.0, "probe": 300.0}

    assert slowest_that_matters(intervals, {"east": 500.0, "west": 400.0, "probe": 9.0}) == 60
    assert slowest_that_matters({}, {}) is None


def test_jobs_of_different_intervals_are_named() -> None:
    (warning,) = interval_warnings({"east": 15.0, "west": 60.0}, 60)

    assert "east every 15 s, west every 60 s" in warning
    assert "what only west sees is missing" in warning
    assert "Windows from 120 s" in warning
    assert "lags" in interval_warnings({"east": 15.0, "west": 60.0}, 300)[0]
    assert not interval_warnings({"east": 15.0, "west": 15.0}, 60)


def test_a_given_interval_still_finds_no_fault_with_jobs() -> None:
    assert run(jobs={"pods": 90.0}).warnings(60) == ()


@pytest.mark.parametrize(
    ("build", "name"),
    [
        ({"version": "2.42.0", "revision": "abc"}, "Prometheus"),
        ({"version": "3.5.0", "revision": "abc"}, "Prometheus"),
        ({"version": "0.36.1", "revision": "abc"}, "Thanos"),
        ({"version": "2.14.0", "application": "Grafana Mimir"}, "Mimir"),
        ({"version": "2.24.0"}, "VictoriaMetrics"),
    ],
)
def test_servers_tell_what_they_are(build: dict[str, str], name: str) -> None:
    assert flavor(build) == name


def test_one_scrape_has_no_spacing() -> None:
    assert spacing([1.0]) is None
