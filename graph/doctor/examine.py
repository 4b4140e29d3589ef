"""The examination: every check in the order in which they build on each other.

A check asks through the patient and leaves the judging to pure functions. Once a line is red that
later ones need, these are skipped: their questions would only repeat the same news.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graph.core.samples import Sample
from graph.core.wire import Check, CheckId, CheckState, Diagnosis
from graph.doctor import access, clock, cost, rules, scraping, telemetry
from graph.doctor.finding import Finding, red
from graph.doctor.patient import Habits, Patient
from graph.doctor.scraping import Scraped
from graph.sources import Source, SourceError
from graph.sources.recording import Recording

_RANK: Mapping[CheckState, int] = {"skipped": 0, "green": 0, "amber": 1, "red": 2}


@dataclass(frozen=True, slots=True)
class _Exam:
    """A check, and the earlier ones that must not be red for it to make sense."""

    id: CheckId
    run: Callable[[Patient], Finding]
    needs: tuple[CheckId, ...] = ()


def diagnose(source: Source, habits: Habits, now: float) -> Diagnosis:
    """Return the whole diagnosis. Takes about as long as one tick; never raises SourceError."""
    return conclude(source, now, list(examine(source, habits, now)))


def conclude(source: Source, now: float, checks: list[Check]) -> Diagnosis:
    """Return the checks as a diagnosis, which is as bad as the worst of them."""
    worst = max((check["state"] for check in checks), key=lambda state: _RANK[state])
    at = source.diagnosis[0] if isinstance(source, Recording) and source.diagnosis else now
    return {"at": at, "state": worst, "source": source.facts(), "checks": checks}


def examine(source: Source, habits: Habits, now: float) -> Iterator[Check]:
    """Yield one line after the other, as they are found."""
    if isinstance(source, Recording):
        yield from _recorded(source)
        return
    patient = Patient(source, habits, now)
    bad: set[CheckId] = set()
    for exam in _EXAMS:
        missing = [need for need in exam.needs if need in bad]
        check = _skipped(exam.id, missing[0]) if missing else _run(exam, patient)
        if check["state"] in ("red", "skipped"):
            bad.add(exam.id)
        yield check


def _run(exam: _Exam, patient: Patient) -> Check:
    started = time.monotonic()
    try:
        finding = exam.run(patient)
    except SourceError as error:
        finding = red(error.detail, error.advice)
    return {
        "id": exam.id,
        "state": finding.state,
        "detail": finding.detail,
        "advice": finding.advice,
        "took_ms": round((time.monotonic() - started) * 1000, 1),
    }


def _skipped(id: CheckId, need: CheckId) -> Check:
    words = f"Not asked, as {need.replace('_', ' ')} has to be repaired first."
    return {"id": id, "state": "skipped", "detail": words, "advice": "", "took_ms": 0.0}


def _recorded(recording: Recording) -> Iterator[Check]:
    """Yield what was found when the recording was made."""
    if recording.diagnosis is not None:
        yield from recording.diagnosis[1]
        return
    for exam in _EXAMS:
        words = "Not asked: this recording holds no diagnosis of its Prometheus."
        yield {"id": exam.id, "state": "skipped", "detail": words, "advice": "", "took_ms": 0.0}


def _reachability(patient: Patient) -> Finding:
    return access.judge_reachability(patient.first_answer, patient.source.facts()["url"])


def _authentication(patient: Patient) -> Finding:
    return access.judge_authentication(patient.first_answer, patient.source.facts())


def _version(patient: Patient) -> Finding:
    patient.prepare()
    return access.judge_version(patient.source.facts())


def _interval(patient: Patient) -> Finding:
    return scraping.judge_interval(
        _intervals(patient), patient.habits, patient.source.scrape_interval_s
    )


def _metrics(patient: Patient) -> Finding:
    if isinstance(patient.fast, SourceError):
        raise patient.fast
    slow = None if isinstance(patient.slow, SourceError) else patient.slow
    facts = patient.source.facts()
    return telemetry.judge_metrics(patient.fast, slow, facts, patient.targets or [])


def _labels(patient: Patient) -> Finding:
    return telemetry.judge_labels(_traffic(patient), patient.source.facts())


def _proxies(patient: Patient) -> Finding:
    voices = scraping.listen(_traffic(patient), spokesmen=patient.is_spokesman)
    return scraping.judge_proxies(_scraped(patient), voices, patient.source.facts())


def _double_scraping(patient: Patient) -> Finding:
    rows = patient.ask(f"count by (job) ({patient.source.traffic})")
    by_job = {row.labels.get("job", "?"): row.value for row in rows}
    return scraping.judge_double(patient.source.facts(), by_job)


def _clock(patient: Patient) -> Finding:
    traffic = patient.source.traffic
    # What a slower job tells is older, and no worse for it.
    interval_s = max(filter(None, _intervals(patient).values()), default=None)
    stale = patient.number(clock.stale(traffic, clock.late_s(interval_s)))
    return clock.judge_times(
        patient.source.facts()["clock_offset_s"],
        patient.number(clock.newest(traffic)),
        stale or 0.0,
        patient.number(f"count({traffic})") or 0.0,
        interval_s,
    )


def _cost(patient: Patient) -> Finding:
    # Where the fast lane fails, asking for the slow one too would only take its time.
    slow = patient.fast if isinstance(patient.fast, SourceError) else patient.slow
    return cost.judge_cost(patient.fast, slow, patient.habits, patient.source.facts())


def _rules(patient: Patient) -> Finding:
    data = patient.told("/api/v1/rules?type=record")
    source = patient.source
    own = rules.own_rules(
        patient.ask,
        patient.at,
        patient.habits.windows_s,
        source.naming,
        source.shape,
        brief=patient.brief,
    )
    slow_s = 0.0 if isinstance(patient.slow, SourceError) else patient.slow.query_ms / 1000
    told = None if data is None else rules.istio_rules(data)
    return rules.judge_rules(told, own, source.facts(), slow_s)


def _intervals(patient: Patient) -> dict[str, float | None]:
    found_s = patient.source.scrape_interval_s
    return scraping.intervals(patient.jobs, patient.targets or [], found_s)


def _traffic(patient: Patient) -> list[Sample]:
    """Return the rows of the traffic counters; connections are told from requests."""
    if isinstance(patient.fast, SourceError):
        return []
    answers = patient.fast.answers
    tcp = [
        Sample({**labels, "request_protocol": "tcp"}, value)
        for labels, value in answers.get("tcp_sent", ())
    ]
    return [*answers.get("requests", ()), *tcp]


def _scraped(patient: Patient) -> Scraped:
    which = patient.source.scraped
    if not which:
        return Scraped(0, 0, 0)
    # A target that answers and is not up said more than its limits let in.
    thrown_away = f"count(scrape_samples_scraped{which} > 0 and up{which} == 0)"
    return Scraped(
        int(patient.number(f"sum(up{which})") or 0),
        int(patient.number(f"count(up{which})") or 0),
        int(patient.number(thrown_away) or 0),
        [t.error for t in patient.targets or () if t.job in patient.jobs and not t.is_up],
        _lost(patient),
    )


def _lost(patient: Patient) -> dict[str, int]:
    source = patient.source
    matchers = source.naming.selector if source.shape.selects_targets else ""
    rows = patient.ask(scraping.lost_jobs(source.traffic, matchers))
    # One whose series are still there is told of by its targets.
    jobs = set(patient.jobs)
    return {
        row.labels["job"]: int(row.value)
        for row in rows
        if row.labels.get("job") and row.labels["job"] not in jobs
    }


_ACCESS: tuple[CheckId, ...] = ("reachability", "authentication")
# Red only when the source could not find its way.
_KNOWN: tuple[CheckId, ...] = (*_ACCESS, "version")
_MESH: tuple[CheckId, ...] = (*_KNOWN, "metrics")

# In the order of the wire's CheckId: a test compares both.
_EXAMS = (
    _Exam("reachability", _reachability),
    _Exam("authentication", _authentication, ("reachability",)),
    _Exam("version", _version, _ACCESS),
    _Exam("scrape_interval", _interval, _KNOWN),
    _Exam("metrics", _metrics, _KNOWN),
    _Exam("labels", _labels, _MESH),
    _Exam("proxies", _proxies, _MESH),
    _Exam("double_scraping", _double_scraping, _MESH),
    _Exam("clock", _clock, _MESH),
    _Exam("cost", _cost, _KNOWN),
    _Exam("rules", _rules, _KNOWN),
)
