"""Brief answers, without app and version, give the same picture when every peer has a workload."""

from graph.core import engine
from graph.core.samples import Sample
from graph.sources.promql import BRIEF_LABELS, IDENTITY_LABELS
from tests.make import AT, buckets, feed, harvest, labels, request, view

LEFT_OUT = set(IDENTITY_LABELS) - set(BRIEF_LABELS)


def brief(sample: Sample) -> Sample:
    return Sample({k: v for k, v in sample.labels.items() if k not in LEFT_OUT}, sample.value)


def test_brief_answers_give_the_same_picture() -> None:
    answers = {
        "duration_sum": [Sample(labels(), 90)],
        "duration_count": [Sample(labels(), 9)],
        "duration_buckets": buckets({"10": 4, "25": 9, "+Inf": 9}),
    }
    short = {name: [brief(sample) for sample in rows] for name, rows in answers.items()}

    full_view = view(feed(requests=[request(9)], **answers), "versioned_app")
    short_view = view(feed(requests=[request(9)], **short), "versioned_app")

    assert short_view.picture == full_view.picture


def test_workloads_suffice_only_when_no_peer_goes_by_its_app() -> None:
    named = feed(requests=[request(1)])
    by_app = feed(requests=[request(1, source_workload="unknown")])
    nobody = feed(
        requests=[request(1, source_workload="unknown", source_canonical_service="unknown")]
    )

    assert engine.workloads_suffice(named)
    assert engine.workloads_suffice(nobody)
    assert not engine.workloads_suffice(by_app)
    assert not engine.workloads_suffice(engine.start_feed(60, 5))


def test_an_unnamed_newcomer_in_a_brief_answer_makes_no_edge_of_its_own() -> None:
    nameless = brief(Sample(labels(source_workload="unknown"), 5.0))
    state = engine.absorb_fast(
        engine.start_feed(60, 5),
        harvest(AT, requests=[request(1)], duration_sum=[nameless], duration_count=[nameless]),
        15.0,
        AT,
    )

    assert len(view(state).picture.edges) == 1
