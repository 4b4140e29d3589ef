"""What is sent again: which changes of an edge or a node a viewer would see."""

from typing import Any

import pytest

from graph.core.frame import diff, settle
from graph.core.picture import Picture
from graph.core.samples import Sample
from graph.core.tally import EdgeTally
from tests.make import feed, labels, request, tcp, view

WINDOW_S = 60


def picture(**answers: list[Sample]) -> Picture:
    return view(feed(**answers)).picture


def kept(before: Picture, after: Picture) -> bool:
    """Tell whether the one edge is not sent again."""
    (edge,) = settle(before, after, WINDOW_S).edges.values()
    return edge in before.edges.values()


@pytest.mark.parametrize(
    ("opened", "sent", "silent"),
    [
        # 6000 connections in the window make 8 % of chance, 60 make 77 %.
        (100.0, 1050.0, True),
        (100.0, 1200.0, False),
        (1.0, 1700.0, True),
        (1.0, 1900.0, False),
    ],
)
def test_bytes_of_tcp_rest_on_the_connections(opened: float, sent: float, silent: bool) -> None:
    before = picture(tcp_opened=[tcp(opened)], tcp_sent=[tcp(1000.0)])
    after = picture(tcp_opened=[tcp(opened)], tcp_sent=[tcp(sent)])

    assert kept(before, after) is silent


@pytest.mark.parametrize(("sent", "silent"), [(1100.0, True), (1200.0, False)])
def test_bytes_without_connections_have_a_band_of_their_own(sent: float, silent: bool) -> None:
    assert kept(picture(tcp_sent=[tcp(1000.0)]), picture(tcp_sent=[tcp(sent)])) is silent


@pytest.mark.parametrize(("rps", "silent"), [(1.5, True), (1.6, False)])
def test_a_nodes_numbers_rest_on_what_it_answers(rps: float, silent: bool) -> None:
    before, after = picture(requests=[request(1.0)]), picture(requests=[request(rps)])
    nodes = settle(before, after, WINDOW_S).nodes

    assert (nodes == before.nodes) is silent


STEADY: dict[str, Any] = {"response_code": "500", "response_flags": "UF"}


@pytest.mark.parametrize(
    ("change", "silent"),
    [
        ({}, True),
        ({"response_code": "502"}, False),
        ({"response_flags": "UH"}, False),
        ({"response_code": "502", "response_flags": "UH"}, False),
    ],
)
def test_another_code_or_flag_is_news_at_any_rate(change: dict[str, str], silent: bool) -> None:
    before = picture(requests=[request(50), request(50, **STEADY)])
    after = picture(requests=[request(50), request(50, **{**STEADY, **change})])

    assert kept(before, after) is silent


def test_an_outcome_more_or_less_is_news() -> None:
    one = picture(requests=[request(99), request(1, response_code="404")])
    other = picture(
        requests=[request(98.9), request(1, response_code="404"), request(0.1, response_code="409")]
    )

    assert not kept(one, other)
    assert not kept(other, one)


@pytest.mark.parametrize(("rare", "silent"), [(1.3, True), (1.9, False)])
def test_each_outcome_has_the_band_of_its_own_rate(rare: float, silent: bool) -> None:
    before = picture(requests=[request(1000), request(1.0, response_code="201")])
    after = picture(requests=[request(1000), request(rare, response_code="201")])

    assert kept(before, after) is silent


@pytest.mark.parametrize(("rps", "silent"), [(1.0, True), (1000.0, False)])
def test_latency_rests_on_the_requests_of_its_edge(rps: float, silent: bool) -> None:
    def timed(average_ms: float) -> Picture:
        return picture(
            requests=[request(rps)],
            duration_sum=[Sample(labels(), rps * average_ms)],
            duration_count=[Sample(labels(), rps)],
        )

    before, after = timed(100), timed(130)
    assert kept(before, after) is silent
    assert (settle(before, after, WINDOW_S).nodes == before.nodes) is silent


def between(client_ms: float, server_ms: float, rps: float = 1.0) -> Picture:
    """Return an edge of which both proxies tell a mean."""
    sides = {"source": client_ms, "destination": server_ms}
    return picture(
        requests=[request(rps, reporter=side) for side in sides],
        duration_sum=[Sample(labels(reporter=side), rps * ms) for side, ms in sides.items()],
        duration_count=[Sample(labels(reporter=side), rps) for side in sides],
    )


@pytest.mark.parametrize(
    ("client_ms", "silent"),
    [
        # Of 60 requests of 102 ms three deviations are 39.5 ms, more than ten times the difference.
        (140.0, True),
        (65.0, True),
        (142.0, False),
        (62.0, False),
    ],
)
def test_time_on_the_network_rests_on_the_means_it_lies_between(
    client_ms: float, silent: bool
) -> None:
    gap = _gap(between(102.0, 100.0))
    changed = {**gap, "network_ms": client_ms - 100.0}

    assert _same_gap(gap, changed) is silent


def test_both_sides_have_to_tell_of_the_network() -> None:
    gap = _gap(between(102.0, 100.0))
    unknown = {**gap, "network_ms": None}

    assert _same_gap(unknown, dict(unknown))
    assert not _same_gap(unknown, {**unknown, "retried_rps": 9.0})
    assert not _same_gap(gap, unknown)
    assert not _same_gap(unknown, gap)


def test_rest_of_a_gap_has_bands_of_its_own() -> None:
    gap = _gap(between(102.0, 100.0))

    # Of 60 requests, as many as the edge has, three deviations are 77 %.
    assert _same_gap({**gap, "timed_out_rps": 1.0}, {**gap, "timed_out_rps": 1.7})
    assert not _same_gap({**gap, "timed_out_rps": 1.0}, {**gap, "timed_out_rps": 1.8})
    assert not _same_gap(gap, {**gap, "retried_rps": 9.0})


def test_gap_that_comes_or_goes_is_news() -> None:
    gap = _gap(between(102.0, 100.0))

    assert not _same_gap(None, gap)
    assert not _same_gap(gap, None)


def test_gap_beside_a_side_that_is_gone_is_the_same_only_if_it_is() -> None:
    gap = _gap(between(102.0, 100.0))

    assert _same_gap(gap, dict(gap), client=None)
    assert not _same_gap(gap, {**gap, "network_ms": 2.1}, client=None)


def _gap(of: Picture) -> dict[str, Any]:
    (edge,) = of.edges.values()
    return dict(edge["gap"] or {})


def _same_gap(old: dict[str, Any] | None, new: dict[str, Any] | None, **more: None) -> bool:
    """Tell whether an edge stays as it is when only its gap is another one."""
    before = between(102.0, 100.0)
    (key,) = before.edges
    then: Any = Picture(before.nodes, {key: {**before.edges[key], **more, "gap": old}})
    now: Any = Picture(before.nodes, {key: {**before.edges[key], **more, "gap": new}})
    return settle(then, now, WINDOW_S).edges[key] is then.edges[key]


def test_what_was_unknown_and_what_becomes_unknown_is_news() -> None:
    bare = picture(requests=[request(5)])
    timed = picture(
        requests=[request(5)],
        duration_sum=[Sample(labels(), 50.0)],
        duration_count=[Sample(labels(), 5.0)],
    )
    both = picture(requests=[request(5), request(5, reporter="source")])

    for one, other in ((bare, timed), (bare, both)):
        assert not kept(one, other)
        assert not kept(other, one)


def test_equal_pictures_differ_in_nothing() -> None:
    one, other = picture(requests=[request(5)]), picture(requests=[request(5)])

    assert diff(one, other) == ({"nodes": [], "edges": []}, {"nodes": [], "edges": []})


def test_lent_security_adds_up() -> None:
    tally = EdgeTally("tcp")
    tally.lend_security({"mutual_tls": 3.0, "none": 1.0})
    tally.lend_security({"mutual_tls": 1.0})

    assert tally.known_security == {"mutual_tls": 4.0, "none": 1.0}
