"""Intervals, targets, silent workloads and copies, in every colour."""

import pytest

from graph.core.verdict import window_fault
from graph.doctor.patient import Target
from graph.doctor.scraping import (
    Scraped,
    intervals,
    judge_double,
    judge_interval,
    judge_proxies,
    judge_targets,
    judge_voices,
    listen,
)
from tests.doctor.papers import HABITS, facts
from tests.make import request


def target(job: str = "pods", interval: str = "15s") -> Target:
    return Target(job, interval, True, "")


def test_every_job_has_the_interval_of_most_of_its_targets() -> None:
    targets = [target(), target(), target(interval="1m"), target("slow", "1m"), target("other")]

    assert intervals(["pods", "slow"], targets, None) == {"pods": 15, "slow": 60}


def test_without_targets_the_samples_tell_the_interval() -> None:
    assert intervals(["pods"], [], 30.0) == {"pods": 30}


@pytest.mark.parametrize(
    ("by_job", "colour", "words"),
    [
        ({"pods": 15.0}, "green", "every 15 s by job pods"),
        ({"pods": 10.0, "more": 15.0}, "amber", "slower job lag behind"),
        ({"pods": 20.0}, "amber", "fewer than four"),
        ({"pods": 40.0}, "red", "fewer than two"),
        ({"pods": 15.0, "slow": 60.0}, "amber", "job slow is scraped every 60 s: its numbers are"),
        ({"pods": None}, "amber", "cannot be told"),
        ({}, "amber", "cannot be told"),
    ],
    ids=["good", "mixed", "tight", "too-slow", "one-slow", "unknown", "no-job"],
)
def test_interval(by_job: dict[str, float | None], colour: str, words: str) -> None:
    found = judge_interval(by_job, HABITS, by_job.get("pods"))

    assert found.state == colour
    assert words in found.detail


def test_a_window_that_is_too_short_comes_with_the_same_numbers_as_on_the_page() -> None:
    fault = window_fault(60, 60.0)
    advice = judge_interval({"slow": 60.0}, HABITS, 60.0).advice

    assert fault is not None
    for words in ("works is 120 s", "from 240 s on"):
        assert words in advice
        assert words in fault.advice


@pytest.mark.parametrize(
    ("scraped", "colour", "words"),
    [
        (Scraped(40, 40, 0), "green", "40 of 40 (100 %)"),
        (Scraped(39, 40, 0, ["connection refused"]), "amber", "39 of 40 (97 %)"),
        (Scraped(39, 40, 1, ["sample limit exceeded"]), "amber", "thrown away"),
        (Scraped(0, 40, 0), "red", "0 of 40"),
        (Scraped(0, 0, 0), "amber", "cannot be told"),
    ],
    ids=["all-up", "one-down", "over-the-limit", "all-down", "no-up"],
)
def test_targets(scraped: Scraped, colour: str, words: str) -> None:
    found = judge_targets(scraped)

    assert found.state == colour
    assert words in found.detail


def test_a_job_that_is_gone_as_a_whole_is_noticed() -> None:
    found = judge_proxies(Scraped(40, 40, 0, lost={"istiod-edge": 3}), listen([]), facts())

    assert found.state == "amber"
    assert "No target is up of istiod-edge (3 targets)" in found.detail
    assert "is missing" in found.advice


def test_equal_errors_of_many_targets_are_said_once() -> None:
    errors = [
        f'Get "http://10.0.0.{n}:15020/stats": dial tcp 10.0.0.{n}:15020: connect: refused'
        for n in range(30)
    ]

    assert "30 × dial tcp …: connect: refused" in judge_targets(Scraped(1, 31, 0, errors)).detail


def test_a_workload_with_an_identity_that_never_reports_is_missing_a_scrape() -> None:
    seen = request(1, target="reviews-v1", reporter="source")
    voices = listen([seen])

    found = judge_voices(voices)

    assert found.state == "amber"
    assert "bookinfo/reviews-v1" in found.detail
    assert "1 of 2" in found.detail


def test_a_workload_without_identity_has_no_proxy_to_scrape() -> None:
    voices = listen(
        [request(1, target="legacy-v1", reporter="source", destination_principal="unknown")]
    )

    found = judge_voices(voices)

    assert found.state == "green"
    assert "1 seem to have no proxy" in found.detail


@pytest.mark.parametrize("reporter", ["destination", "waypoint"])
def test_whoever_is_spoken_for_is_heard(reporter: str) -> None:
    voices = listen([request(1, reporter="source"), request(1, reporter=reporter)])

    assert voices.silent == []
    assert judge_voices(voices).state == "green"


def test_a_waypoint_is_not_missed_for_speaking_of_others_only() -> None:
    rows = [request(1), request(1, target="edge-l7", reporter="source")]

    assert listen(rows).silent == ["bookinfo/edge-l7"]
    assert listen(rows, spokesmen=lambda pair: pair[1] == "edge-l7").silent == []


def test_unnamed_peers_are_nobody() -> None:
    assert listen([request(1, target="unknown", reporter="source")]).seen == {
        ("bookinfo", "productpage-v1")
    }


def test_proxies_are_as_bad_as_the_worst_of_targets_and_voices() -> None:
    voices = listen([request(1)])

    found = judge_proxies(Scraped(0, 3, 0), voices, facts())

    assert found.state == "red"
    assert "40 × proxy" in found.detail


def test_double_scraping_is_told_and_mended_as_the_survey_says() -> None:
    told = "Proxies are scraped 2 times over (jobs: federate, pods): every series is counted once."
    said = facts(scraped_times=2.0, warnings=[f"{told} Leave one out."])

    found = judge_double(said, {"pods": 120.0, "federate": 120.0})

    assert found.detail == told
    assert found.advice.startswith("Leave one out. Prometheus stores")


@pytest.mark.parametrize(
    ("times", "colour", "words"),
    [
        (1.0, "green", "scraped once"),
        (2.0, "amber", "2 times over, by pods (120 series), podmonitor (120 series)"),
        (None, "amber", "cannot be told"),
    ],
)
def test_double_scraping(times: float | None, colour: str, words: str) -> None:
    by_job = {"podmonitor": 120.0, "pods": 120.0} if times == 2 else {"pods": 120.0}

    found = judge_double(facts(scraped_times=times), dict(sorted(by_job.items(), reverse=True)))

    assert found.state == colour
    assert words.replace("pods (120 series), podmonitor (120 series)", "podmonitor") in found.detail
