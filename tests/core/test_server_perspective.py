"""The server's perspective where only some of a service's workloads report."""

from dataclasses import replace

from graph.core import engine
from tests.make import feed, node_named, request, unanswered, view


def test_a_workload_without_proxy_is_told_by_its_callers_and_lost_requests_are_not() -> None:
    state = feed(
        requests=[
            request(6),
            request(6, reporter="source"),
            request(4, target="reviews-v2", reporter="source"),
            unanswered(1),
        ]
    )
    spec = replace(view(state).spec, perspective="server")
    made = engine.render(None, state, spec, "epoch")[0]

    rates = sorted(edge["rps"] or 0 for edge in made.picture.edges.values())
    assert rates == [4, 6]
    assert node_named(made, "reviews-v2")["in"]["rps"] == 4
