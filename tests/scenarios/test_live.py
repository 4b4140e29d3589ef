"""What only a scraping Prometheus does: staleness, limits, restarts, federation, several jobs."""

import pytest

from tests.scenarios.flows import flow, near
from tests.scenarios.live import SLOW_S, UNSEEN_S, WINDOW_S, Look, Running, crash_at
from tests.stack import wait_until
from tests.truth import compare

pytestmark = [pytest.mark.prometheus, pytest.mark.live]


def check(look: Look, *, lost_s: float = 0.0) -> None:
    """Compare every edge's rate with the truth, and that every edge is there."""
    both = compare.pairs(look.graph().view, look.truth, "workload")
    compare.check_rates(both, look.truth, WINDOW_S, unseen_s=UNSEEN_S, lost_s=lost_s)


def test_one_job_is_true_and_says_that_it_scrapes_once(servers: dict[str, Running]) -> None:
    look = servers["plain"].look()

    check(look)
    assert look.facts["scraped_times"] == pytest.approx(1.0)


def test_two_jobs_over_the_same_pods_change_no_rate_and_are_reported(
    servers: dict[str, Running],
) -> None:
    look = servers["twice"].look()

    check(look)
    assert look.facts["scraped_times"] == pytest.approx(2.0)
    assert look.feed.status["warnings"]


def test_a_pod_whose_scrapes_exceed_a_limit_is_known_by_its_neighbours(
    servers: dict[str, Running],
) -> None:
    limited = servers["limited"]
    told = f'istio_requests_total{{app="productpage"}}[{WINDOW_S}s]'
    wait_until(
        lambda: not limited.server.query(f"count(count_over_time({told}))"),
        what="the last word of the front page leaving the window",
    )
    down = {row["metric"]["app"] for row in limited.server.query("up == 0")}  # type: ignore[index]
    look = limited.look()
    edge = look.graph().edge("istio-ingressgateway", "productpage-v1")

    assert down == {"productpage"}
    assert edge["reporter"] == "source"
    assert edge["rps"] == near(flow(look.truth, target="productpage-v1").rps, WINDOW_S, UNSEEN_S)
    check(look)


def test_a_prometheus_that_was_away_makes_no_spike(servers: dict[str, Running]) -> None:
    running = servers["restarted"]
    # Whatever part of the window it has missed, nothing is counted twice.
    check(running.look(), lost_s=WINDOW_S)
    wait_until(
        lambda: bool(
            running.server.query(f"min(count_over_time(up[{WINDOW_S}s])) >= {WINDOW_S - 1}")
        ),
        what="the gap leaving the window",
    )
    check(running.look())


def test_a_crashed_pod_s_own_word_is_gone_after_a_window_and_two_scrapes(
    servers: dict[str, Running],
) -> None:
    running = servers["crash"]
    gone_at = crash_at(running.mesh) + WINDOW_S + 2
    wait_until(lambda: running.mesh.now()["at"] > gone_at + 1, 60, "a window after the crash")
    (ratings,) = running.server.query('up{app="ratings"}', gone_at)
    graph = running.look(gone_at).graph()

    assert ratings["value"][1] == "0"  # type: ignore[index]
    asked = [edge for (_, name, _), edge in graph.edges.items() if name.startswith("ratings")]
    assert asked
    for edge in asked:
        assert edge["server"] is None or not edge["server"]["rps"]
        assert edge["error_ratio"] == 1.0
    # What it had asked is over, too; its database may still be closing connections.
    for (name, _, _), edge in graph.edges.items():
        assert name != "ratings-v1" or edge["client"] is None or not edge["client"]["sent_bps"]


def test_jobs_of_different_intervals_are_true_and_named(servers: dict[str, Running]) -> None:
    look = servers["mixed"].look()

    check(look, lost_s=SLOW_S)
    assert look.feed.status["warnings"] == []

    # Long enough for four scrapes of the fast job, and not for the slow one.
    short = servers["mixed"].look(window_s=6)
    assert short.feed.status["state"] == "ok"
    (warning,) = short.feed.status["warnings"]
    assert "kubernetes-pods-slow" in warning
    assert "every 4 s" in warning


@pytest.mark.parametrize("name", ["global", "renamed", "beside"])
def test_a_federation_of_two_clusters_is_one_true_graph(
    servers: dict[str, Running], name: str
) -> None:
    look = servers[name].look()
    view = look.graph().view
    ends = {node["id"]: (node["cluster"], node["name"]) for node in view["nodes"]}
    drawn = {
        (ends[edge["source"]], ends[edge["target"]], str(edge["protocol"])): edge
        for edge in view["edges"]
    }

    for line in look.truth["edges"]:
        target = line["destination"]
        if target is None or line["protocol"] == "tcp":
            continue
        key = (
            (line["source"]["cluster"], line["source"]["workload"]),
            (target["cluster"], target["workload"]),
            line["protocol"],
        )
        rps = line["requests"] / look.truth["seconds"]
        # What comes by way of another Prometheus is up to two scrapes late.
        got = drawn[key]["rps"] or 0.0
        assert got in (near(rps, WINDOW_S, UNSEEN_S), near(rps * 0.9, WINDOW_S, UNSEEN_S)), key


def test_federation_beside_direct_scraping_changes_no_rate_and_is_reported(
    servers: dict[str, Running],
) -> None:
    look = servers["overlapping"].look()

    check(look)
    assert look.facts["scraped_times"] == pytest.approx(2.0, abs=0.1)
    assert look.feed.status["warnings"]


def test_a_federation_of_two_clusters_beside_direct_scraping_is_reported(
    servers: dict[str, Running],
) -> None:
    look = servers["beside"].look()

    assert look.facts["scraped_times"] == pytest.approx(2.0, abs=0.1)
    assert look.feed.status["warnings"]
