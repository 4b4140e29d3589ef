"""Labels and bounds that are not as one would expect, and how they come out."""

import pytest

from graph.demo.loader import scene
from tests.demo.scenes import DURATION, REQUESTS, Row, by, exposed, pick, simulated, total, values

ISTIO_BOUNDS = 20


def _bounds(workload: str) -> list[str]:
    rows = pick(
        exposed("buckets"),
        f"{DURATION}_bucket",
        reporter="destination",
        destination_workload=workload,
    )
    return [row["le"] for row in rows]


def test_a_proxy_can_have_bounds_of_its_own() -> None:
    assert len(_bounds("back-v1")) == ISTIO_BOUNDS
    assert _bounds("back-v2") == [
        *("1", "5", "10", "50", "100", "500", "1000", "5000", "10000", "+Inf")
    ]
    assert _bounds("back-v3") == ["2", "20", "200", "2000", "+Inf"]


@pytest.mark.parametrize("workload", ["back-v1", "back-v2", "back-v3"])
def test_whatever_its_bounds_a_histogram_counts_everything(workload: str) -> None:
    rows = exposed("buckets")
    of = {"reporter": "destination", "destination_workload": workload}
    buckets = [r.value for r in pick(rows, f"{DURATION}_bucket", **of)]

    assert buckets == sorted(buckets)
    assert buckets[-1] == total(rows, f"{DURATION}_count", **of) > 0
    # Both kinds of proxy put what took up to a second of 20 ms' median under its bound.
    client = {"reporter": "source", "destination_workload": workload}
    assert total(rows, f"{DURATION}_count", **client) == buckets[-1]


def test_a_bound_of_ones_own_holds_what_lies_below_it() -> None:
    rows = exposed("buckets")
    of = {"reporter": "destination", "destination_workload": "back-v3"}
    below = total(rows, f"{DURATION}_bucket", le="20", **of)

    # Half of the requests take less than the median, which is 20 ms.
    assert below == pytest.approx(total(rows, f"{DURATION}_count", **of) / 2, rel=0.15)


def _requests_of(namespace: str) -> list[Row]:
    rows = exposed("dropped-labels")
    return [row for row in rows if row.metric == REQUESTS and row.workload.startswith(namespace)]


def test_fifteen_of_istios_labels_are_left_for_a_vendor() -> None:
    assert {len(row.names) for row in _requests_of("vendor/")} == {15}


@pytest.mark.parametrize(
    ("namespace", "kept", "lost"),
    [
        ("apps/", "source_app", "source_workload"),
        ("plain/", "source_workload", "source_app"),
        ("services/", "destination_service", "destination_workload"),
    ],
)
def test_labels_are_taken_away_by_namespace(namespace: str, kept: str, lost: str) -> None:
    rows = _requests_of(namespace)

    assert rows
    assert all(kept in row.names and lost not in row.names for row in rows)


def test_series_that_read_the_same_are_one() -> None:
    # Two calls to one service, which only the server's side tells apart.
    rows = pick(exposed("operations"), REQUESTS, reporter="source", response_code="200")
    catalog = pick(rows, REQUESTS, destination_service_name="catalog")
    answered = pick(
        exposed("operations"),
        REQUESTS,
        reporter="destination",
        response_code="200",
        destination_service_name="catalog",
    )

    assert len(catalog) == 1
    assert len(answered) == 4
    assert catalog[0].value == sum(row.value for row in answered)


def test_hosts_come_out_as_they_are() -> None:
    told = values(pick(exposed("nasties"), REQUESTS, reporter="source"), "destination_service")
    outside = [s.host for s in scene("nasties").services if not s.namespace]
    written = [h.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") for h in outside]

    assert len(outside) == 9
    assert set(written) <= told


def test_labels_of_ones_own_come_last() -> None:
    told = pick(exposed("nasties"), REQUESTS, reporter="destination", destination_app="annotated")

    assert [row.names[-3:] for row in told] == [
        ("request_team", "upstream_operation", "destination_ip")
    ]
    assert values(told, "request_team") == {"größe 東京 🚀"}


@pytest.mark.parametrize(
    ("workload", "label", "own", "peer"),
    [
        ("shy", "workload", "shy", "unknown"),
        ("half", "version", "v1", "unknown"),
        ("half", "app", "half", "unknown"),
        ("lost", "cluster", "Kubernetes", "unknown"),
    ],
)
def test_what_a_proxy_does_not_tell_its_peers_do_not_know(
    workload: str, label: str, own: str, peer: str
) -> None:
    rows = [r for r in exposed("nasties") if r.metric == REQUESTS]
    names = ("reporter", f"destination_{label}")
    told = by((r for r in rows if r["destination_service_name"] == workload), *names)

    assert {name for (side, name) in told if side == "destination"} == {own}
    assert {name for (side, name) in told if side == "source"} == {peer}


def test_an_app_may_be_unknown_while_its_canonical_name_is_not() -> None:
    told = pick(exposed("nasties"), REQUESTS, destination_app="unknown", reporter="destination")

    assert values(told, "destination_canonical_service") == {"bare"}


def test_codes_can_be_anything() -> None:
    told = pick(exposed("nasties"), REQUESTS, destination_service_name="payments.eu")

    assert values(told, "response_code") == {"200", "2xx", ""}


def test_the_two_sides_of_an_edge_may_name_its_service_differently() -> None:
    told = pick(exposed("nasties"), REQUESTS, destination_service_name="short")

    assert set(by(told, "reporter", "destination_service")) == {
        ("source", "unknown"),
        ("destination", "bare"),
    }


def test_a_fixed_page_is_exposed_as_it_is() -> None:
    simulator = simulated("noise")
    pages = {
        simulator.pods.workload(slot).name: simulator.exposition.page([slot])
        for slot in simulator.pods.reporting()
        if simulator.pods.workload(slot).mode == "page"
    }

    assert b'pilot_info{version="1.24.2-cf1e8e0ac5b4-Clean"} 1' in pages["istiod-telemetry"]
    assert b"istio_agent_go_gc_pauses_seconds_total_sum NaN" in pages["agent"]
    assert not any(b"istio_requests_total" in page for page in pages.values())


def test_probes_are_calls_from_nowhere_to_an_address() -> None:
    rows = exposed("noise")
    told = pick(rows, REQUESTS, destination_service_name="InboundPassthroughCluster")

    assert set(by(told, "reporter", "source_workload")) == {("destination", "unknown")}
    assert set(by(pick(rows, REQUESTS, destination_workload="istiod"), "reporter")) == {("source",)}


def test_a_pod_without_proxy_has_neither_app_nor_version_to_its_callers() -> None:
    told = pick(exposed("noise"), REQUESTS, destination_workload="istiod")

    assert values(told, "destination_app") == values(told, "destination_version") == {"unknown"}
    assert values(told, "destination_canonical_service") == {"istiod"}
