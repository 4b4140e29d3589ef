"""Scrape interval, clock and version, from whatever the server can tell."""

from typing import Any

import pytest

from graph.sources import Garbled, Rejected, Unavailable, promql
from graph.sources.body import Body
from graph.sources.discovery import (
    Discovery,
    duration_s,
    flavor,
    intervals_of_targets,
    leading_interval,
    spacing,
)
from graph.sources.survey import Survey
from tests.bodies import success


class Server:
    """Answers discovery's questions; an exception as an answer is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def get(self, path: str) -> Body:
        return self._give("buildinfo" if "buildinfo" in path else "targets")

    def ask(self, query: str) -> Body:
        if query == promql.SERVER_TIME:
            return self._give("time")
        return self._give("one_target" if query.startswith("topk") else "scrapes")

    def survey(self, at: float) -> Survey:
        return Survey(jobs=self.answers["jobs"])

    def _give(self, name: str) -> Body:
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


def test_a_slow_answer_does_not_bend_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    made = run()
    known_s = made.clock_offset_s
    assert known_s is not None
    clock = iter((0.0, 8.0))
    monkeypatch.setattr("graph.sources.discovery.time.monotonic", lambda: next(clock))
    # Made at the very end of eight seconds: half of them would be taken for the clock's.
    made.run(now=982.0)
    assert made.clock_offset_s == known_s

    monkeypatch.setattr("graph.sources.discovery.time.monotonic", lambda: 0.0)
    made.run(now=991.5)
    assert made.clock_offset_s == pytest.approx(8.5)


def test_a_slow_answer_tells_of_a_clock_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    made = run()
    clock = iter((0.0, 8.0))
    monkeypatch.setattr("graph.sources.discovery.time.monotonic", lambda: next(clock))
    made.run(now=900.0)

    assert made.clock_offset_s == pytest.approx(96.0)


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


@pytest.mark.parametrize(
    ("series", "leading_s"),
    [
        ({"pods": 500.0, "movies": 400.0}, 5),
        ({"pods": 200.0, "movies": 500.0}, 60),
        ({"pods": 400.0, "movies": 400.0}, 5),
        ({"pods": 300.0, "movies": 500.0}, 5),
        ({"pods": 150.0, "more": 150.0, "movies": 500.0}, 5),
    ],
    ids=["fast", "slow", "equal", "about-equal", "fast-together"],
)
def test_the_interval_of_most_series_decides(series: dict[str, float], leading_s: float) -> None:
    intervals = {"pods": 5.0, "more": 5.0, "movies": 60.0}

    assert leading_interval({job: intervals[job] for job in series}, series) == leading_s


def test_without_intervals_none_leads() -> None:
    assert leading_interval({}, {}) is None


def test_a_slow_job_is_warned_of_and_the_others_lead() -> None:
    made = run(jobs={"pods": 90.0, "pods-slow": 30.0})

    assert made.scrape_interval_s == 15
    assert made.leading_jobs == ("pods",)
    (warning,) = made.warnings(60)
    assert "job pods-slow is scraped every 300 s" in warning
    assert "choose 20m" in warning


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
