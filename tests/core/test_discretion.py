"""What somebody who may see a part of the mesh is told of the source."""

from dataclasses import replace
from typing import Any

import pytest

from graph.core import engine
from graph.core.discretion import HINT, facts_for, status_for, warnings_for
from graph.core.engine import ViewSpec
from graph.core.permit import EVERYTHING, permit_of
from graph.core.samples import Fault, Harvest
from graph.core.verdict import slow_job_warnings, window_fault
from graph.core.wire import SourceFacts, SourceStatus
from tests.make import AT, feed, harvest, request

SHOP = permit_of(["shop"])
JOB = "podMonitor/secret-ns/envoy/0"


def test_warnings_that_name_jobs_are_not_told_but_that_there_are_some() -> None:
    own = "A window of 30 s holds fewer than four scrapes (15 s apart): edges may flicker when a "
    told = [own, *slow_job_warnings({JOB: 50.0}, 5.0, 60), "what Prometheus says itself"]

    assert warnings_for(SHOP, told) == [own, HINT]
    assert warnings_for(SHOP, [own]) == [own]
    assert warnings_for(SHOP, []) == []
    assert warnings_for(EVERYTHING, told) == told


def test_that_quantiles_are_old_is_told_without_the_reason() -> None:
    state = feed(requests=[request(1, namespace="shop")])
    fault = Fault("rejected", 'found duplicate series {job="secret-ns"}', "Ask somebody.")

    status = engine.note_slow_fault(state, fault, AT + 60, AT).status

    assert "secret-ns" in str(status["warnings"])
    assert status_for(SHOP, status)["warnings"] == ["Latency quantiles and bytes are not fresh."]


@pytest.mark.parametrize("reason", ["unreachable", "timeout", "rejected", "garbled"])
def test_what_went_wrong_is_told_in_words_of_our_own(reason: Any) -> None:
    fault = Fault(reason, "http://prometheus.secret-ns:9090 said: secret-ns", "Look at secret-ns.")
    state = engine.absorb_fault(engine.start_feed(60, 5.0), fault, None, AT)

    told = status_for(SHOP, state.status)

    assert "secret" not in str(told)
    assert told["detail"]
    assert told["advice"]
    assert (told["state"], told["reason"]) == ("down", reason)
    assert status_for(EVERYTHING, state.status) == state.status


def test_a_window_that_is_too_short_names_no_job() -> None:
    fault = window_fault(60, 50.0, [JOB])
    assert fault is not None
    assert JOB in fault.detail

    state = engine.absorb_fault(engine.start_feed(60, 5.0), fault, 50.0, AT)

    assert "secret" not in str(status_for(SHOP, state.status))


def named(requests: list[Any]) -> Harvest:
    return replace(harvest(requests=requests), warnings=(f"jobs: {JOB}",))


def test_frames_tell_no_more() -> None:
    spec = ViewSpec("workload", 60, (), permit=SHOP)
    state = engine.absorb_fast(
        engine.start_feed(60, 5.0), named([request(1, namespace="shop")]), 15.0, AT
    )

    view, frame = engine.render(None, state, spec, "epoch")
    assert frame["source"]["warnings"] == [HINT]
    _, again = engine.render(view, state, spec, "epoch")
    assert again["type"] == "status"
    assert again["source"]["warnings"] == [HINT]
    later = engine.absorb_fast(state, replace(named([]), at=AT + 5), 15.0, AT + 5)
    _, after = engine.render(view, later, spec, "epoch")
    assert "secret" not in str(after)


def test_a_first_frame_without_data_tells_no_more() -> None:
    fault = Fault("rejected", "secret-ns", "secret-ns", warnings=("secret-ns",))
    state = engine.absorb_fault(engine.start_feed(60, 5.0), fault, None, AT)

    _, frame = engine.render(None, state, ViewSpec("app", 60, (), permit=SHOP), "epoch")

    assert "secret" not in str(frame)


def test_facts_have_neither_address_nor_warnings() -> None:
    facts: Any = {"kind": "prometheus", "url": "http://p.secret-ns:9090", "warnings": [JOB]}
    made: SourceFacts = facts

    assert facts_for(SHOP, made) == {"kind": "prometheus", "url": "", "warnings": []}
    assert facts_for(EVERYTHING, made) == facts


def test_status_is_the_same_for_who_sees_everything() -> None:
    status: SourceStatus = feed(requests=[request(1)]).status

    assert status_for(EVERYTHING, status) is status
