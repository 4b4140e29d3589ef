"""The proxies' counters: when they appear, what they hold, when they are lost."""

from pathlib import Path

import numpy as np
import pytest

from graph.demo.ledger import Layout, Ledger
from graph.demo.plan import BOUNDS
from graph.demo.series import Key, Keys
from graph.demo.simulator import STEPS_PER_FLUSH
from graph.demo.traffic import WHOLE, Requests
from tests.demo.meshes import page, plan, run, shop

REQUESTS = "istio_requests_total"
DURATION_COUNT = "istio_request_duration_milliseconds_count"


def _one(ms: float, call: int = 0) -> Requests:
    """Return a single request of the shop from its gateway to its first front pod."""
    return Requests(
        call=np.array([call]),
        source_pod=np.array([0]),
        workload=np.array([1]),
        pod=np.array([1]),
        outcome=np.array([0]),
        reached=np.array([True]),
        plaintext=np.array([False]),
        lifetime_s=np.array([0.0]),
        part=np.array([WHOLE]),
        final=np.array([True]),
        server_ms=np.array([ms]),
        client_ms=np.array([ms]),
        request_bytes=np.array([700]),
        response_bytes=np.array([900]),
    )


def _bucket(tmp_path: Path, ms: float) -> float:
    """Return the upper bound of the bucket that a duration falls into."""
    ledger = Ledger(plan(tmp_path))
    ledger.record(_one(ms))
    layout = ledger.layout
    buckets = ledger.requests.values[0, layout.duration : layout.duration + layout.buckets]
    assert buckets.sum() == 1
    return [*BOUNDS, float("inf")][int(buckets.argmax())]


def test_bounds_are_istios_twenty() -> None:
    assert [*BOUNDS] == [
        *(0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000),
        *(60000, 300000, 600000, 1800000, 3600000),
    ]
    assert Layout(tuple(map(float, BOUNDS))).buckets == 20


@pytest.mark.parametrize(
    ("ms", "bound"),
    [
        # Whole milliseconds, rounded down; a bound belongs to its own bucket.
        (0.0, 0.5),
        (0.99, 0.5),
        (1.0, 1),
        (1.99, 1),
        (2.0, 5),
        (5.9, 5),
        (6.0, 10),
        (7000.0, 10000),
        (3_600_000.0, 3_600_000),
        (3_600_001.0, float("inf")),
    ],
)
def test_a_duration_falls_into_istios_bucket(tmp_path: Path, ms: float, bound: float) -> None:
    assert _bucket(tmp_path, ms) == bound


def test_keys_survive_packing(tmp_path: Path) -> None:
    compiled = plan(tmp_path)
    keys = Keys(compiled)
    key = Key(
        call=len(compiled.calls) - 1,
        side=1,
        plaintext=1,
        outcome=len(compiled.outcomes) - 1,
        pod=len(compiled.workload_of_pod) - 1,
        workload=len(compiled.workloads),
    )

    packed = keys.pack(key.call, key.side, key.plaintext, key.outcome, key.pod, key.workload)

    assert keys.unpack(int(packed[0])) == key


def test_nothing_exists_before_its_first_count(tmp_path: Path) -> None:
    idle = run(shop(tmp_path), steps=0)

    assert set(page(idle, "shop/front-v1")) == {"istio_build"}


def test_counts_show_at_once_and_histograms_at_the_flush(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=STEPS_PER_FLUSH - 1)
    early = page(simulator, "shop/front-v1")
    simulator.step()
    late = page(simulator, "shop/front-v1")

    assert REQUESTS in early
    assert DURATION_COUNT not in early
    assert sum(late[DURATION_COUNT].values()) == sum(late[REQUESTS].values())


def test_counters_never_fall_while_the_pod_lives(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=12)
    before = page(simulator, "shop/front-v1")
    for _ in range(12):
        simulator.step()
    after = page(simulator, "shop/front-v1")

    for name, series in before.items():
        for labels, value in series.items():
            assert after[name][labels] >= value


def test_a_restart_takes_every_counter_of_that_pod_and_no_other(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=20)
    first = int(simulator.plan.first_pod[simulator.plan.workload_index["shop/front-v1"]])
    other = simulator.exposition.page([first + 1])

    simulator.ledger.restart(first)

    assert set(page(simulator, "shop/front-v1")) == {"istio_build"}
    assert simulator.exposition.page([first + 1]) == other


def test_a_restarted_pod_counts_from_nothing(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=20)
    first = int(simulator.plan.first_pod[simulator.plan.workload_index["shop/front-v1"]])
    before = sum(page(simulator, "shop/front-v1")[REQUESTS].values())
    simulator.ledger.restart(first)

    simulator.step()

    assert 0 < sum(page(simulator, "shop/front-v1")[REQUESTS].values()) < before / 5


def test_both_ends_of_a_call_count_the_same_requests(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=40)
    keys = [simulator.ledger.keys.unpack(key) for key in simulator.ledger.requests.keys]
    counts = simulator.ledger.requests.values[: len(keys), 0]
    grpc = 2

    sides = [
        sum(n for key, n in zip(keys, counts, strict=True) if (key.call, key.side) == (grpc, side))
        for side in (0, 1)
    ]
    assert sides[0] == sides[1] > 0


def test_connections_close_after_they_opened(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=600)
    seen = page(simulator, "shop/store")
    opened = sum(seen["istio_tcp_connections_opened_total"].values())
    closed = sum(seen["istio_tcp_connections_closed_total"].values())

    assert 0.8 * opened < closed < opened


def test_a_new_pod_never_closes_what_the_old_one_opened(tmp_path: Path) -> None:
    simulator = run(shop(tmp_path), steps=300)
    slot = int(simulator.plan.first_pod[simulator.plan.workload_index["shop/store"]])
    simulator.ledger.restart(slot)

    for _ in range(240):
        simulator.step()
        seen = page(simulator, "shop/store")
        opened = sum(seen.get("istio_tcp_connections_opened_total", {}).values())
        assert sum(seen.get("istio_tcp_connections_closed_total", {}).values()) <= opened


def test_histogram_columns_do_not_overlap(tmp_path: Path) -> None:
    ledger = Ledger(plan(tmp_path))
    ledger.record(_one(3.7))

    row = ledger.requests.values[0]
    layout = ledger.layout
    starts = (layout.duration, layout.request_bytes, layout.response_bytes)
    sums = [int(row[start + layout.buckets]) for start in starts]
    assert row[0] == 1
    assert sums == [3, 700, 900]
    assert row.sum() == 1 + 3 + sum(sums)
