"""Label sets are parsed once and forgotten when nobody asks for them any more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.identity import Name, PeerKey, ServiceKey
from graph.core.outcomes import Outcome
from graph.core.readings import read_slow
from graph.core.rows import Row, Rows, outcome_of
from graph.core.samples import Bucket, Labels, Sample
from graph.core.wire import Protocol
from tests.make import AT, harvest, labels


def row(rows: Rows, **more: str) -> Row:
    made = rows.of(labels(**more), "http", ())
    assert made is not None
    return made


def test_the_same_labels_are_the_same_row() -> None:
    rows = Rows()
    assert row(rows) is row(rows)
    assert row(rows) is not row(rows, response_code="503")


def test_equal_parts_of_rows_are_the_same_objects() -> None:
    rows = Rows()
    one, other = row(rows), row(rows, response_code="503")

    assert one.teller is other.teller
    assert one.teller[0].source is row(rows, target="cart-v1").teller[0].source
    assert one.principals is other.principals


def test_things_of_another_kind_are_never_taken_for_each_other() -> None:
    # A service, an outcome and two names of which nothing is known are equal as tuples.
    nameless = dict.fromkeys(
        ("destination_service", "destination_service_name", "destination_service_namespace"), ""
    )
    made = Rows().of({"reporter": "source", **nameless}, "http", ())

    assert made is not None
    link = made.teller[0]
    assert (type(link.service), type(link.source)) == (ServiceKey, PeerKey)
    assert type(made.outcome) is Outcome
    assert {type(name) for name in made.names} == {Name}
    assert type(made.principals) is tuple


def test_the_default_protocol_and_the_families_are_part_of_the_question() -> None:
    rows = Rows()
    silent = labels(request_protocol="")
    tcp, http = rows.of(silent, "tcp", ()), rows.of(silent, "http", ())
    family = rows.of(silent, "http", ("reviews*",))

    assert tcp is not None
    assert http is not None
    assert family is not None
    assert [made.teller[0].protocol for made in (tcp, http)] == ["tcp", "http"]
    assert family.teller[0].service.name == "reviews*"


def test_who_is_no_proxy_of_the_mesh_says_nothing() -> None:
    rows = Rows()
    for _ in range(2):
        assert rows.of(labels(reporter="somebody"), "http", ()) is None


def test_what_nobody_asks_for_any_more_is_forgotten() -> None:
    rows = Rows(most=10)
    kept, lost = row(rows), row(rows, target="lost-v1")
    for i in range(30):
        row(rows, target=f"cart{i}-v1")
        assert row(rows) is kept

    assert row(rows, target="lost-v1") == lost
    assert row(rows, target="lost-v1") is not lost
    assert len(rows) <= 20


@given(st.lists(st.integers(0, 40), max_size=200), st.integers(1, 20))
def test_however_little_is_kept_rows_are_what_the_labels_say(asked: list[int], most: int) -> None:
    rows = Rows(most)
    for number in asked:
        assert row(rows, target=f"cart{number}-v1") == row(Rows(), target=f"cart{number}-v1")
        assert len(rows) <= 2 * most


def test_labels_that_come_again_are_read_once() -> None:
    rows, shared = Rows(), Labels(labels(request_protocol=""))
    first = rows.of(shared, "http", ())

    assert first == rows.of(dict(shared), "http", ())
    assert rows.of(shared, "http", ()) is first
    assert Rows().of(shared, "http", ()) is first
    assert len(rows) == 1


def test_labels_that_come_again_with_another_question_are_read_anew() -> None:
    rows, shared = Rows(), Labels(labels(request_protocol=""))
    asked: list[tuple[Protocol, tuple[str, ...]]] = [
        ("http", ()),
        ("tcp", ()),
        ("http", ("reviews*",)),
        ("http", ()),
    ]

    for default, groups in asked:
        assert rows.of(shared, default, groups) == Rows().of(dict(shared), default, groups)


def test_shared_labels_of_nobody_are_nobodys_again() -> None:
    rows, shared = Rows(), Labels(labels(reporter="somebody"))

    assert [rows.of(shared, "http", ()) for _ in range(2)] == [None, None]


@given(st.lists(st.sampled_from(["0.5", "1", "1e+00", "+Inf", "", "odd"]), max_size=8))
def test_buckets_with_shared_labels_are_read_as_plain_ones(bounds: list[str]) -> None:
    series = [Labels(labels()), Labels(labels(target="cart-v1"))]
    shared = [Sample(Bucket(series[i % 2], le), i + 1.0) for i, le in enumerate(bounds)]
    plain = [Sample(dict(sample.labels), sample.value) for sample in shared]
    assert [sample.labels["le"] for sample in plain] == bounds

    ours, theirs = (read_slow(harvest(AT, duration_buckets=rows)) for rows in (shared, plain))

    assert ours.rows == theirs.rows
    for field in ("bounds_ms", "rows", "has"):
        ours_too, theirs_too = (getattr(one.histograms, field) for one in (ours, theirs))
        assert ours_too.tolist() == theirs_too.tolist()


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({}, Outcome("", "", "")),
        ({"response_code": "503", "response_flags": "UH"}, Outcome("503", "", "UH")),
        ({"response_code": "200", "response_flags": "-"}, Outcome("200", "", "")),
        ({"grpc_response_status": "14"}, Outcome("", "14", "")),
    ],
)
def test_how_requests_ended_is_read_from_what_is_said(
    told: dict[str, str], outcome: Outcome
) -> None:
    assert outcome_of(told) == outcome
