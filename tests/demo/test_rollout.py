"""Replacing pods: who can be scraped when, and with what."""

from pathlib import Path

import pytest

from graph.demo.rollout import DRAIN_S
from graph.demo.simulator import Simulator
from tests.demo.meshes import parse, run, shop

REQUESTS = "istio_requests_total"


@pytest.fixture
def mesh(tmp_path: Path) -> Simulator:
    """The shop after 17 steps, which is between two flushes."""
    return run(shop(tmp_path), 17)


@pytest.fixture
def slot(mesh: Simulator) -> int:
    """The slot of the only store."""
    return int(mesh.plan.first_pod[mesh.plan.workload_index["shop/store"]])


def _text_of(mesh: Simulator, namespace: str, pod: str) -> bytes | None:
    seen = mesh.rollout.find(namespace, pod)
    return mesh.rollout.page(seen) if seen else None


def _page(mesh: Simulator, name: str) -> dict[str, dict[str, float]]:
    body = _text_of(mesh, "shop", name)
    assert body is not None
    return parse(body.decode())


def _names(mesh: Simulator, slot: int) -> list[str]:
    return [seen.pod.name for seen in mesh.rollout.seen() if seen.slot == slot]


def test_a_pod_that_stands_by_can_be_scraped_and_has_counted_nothing(
    mesh: Simulator, slot: int
) -> None:
    mesh.rollout.announce(slot)

    serving, coming = _names(mesh, slot)
    assert serving == mesh.pods.serving[slot].name
    assert set(_page(mesh, coming)) == {"istio_build"}


def test_announcing_twice_makes_one_pod(mesh: Simulator, slot: int) -> None:
    mesh.rollout.announce(slot)
    mesh.rollout.announce(slot)

    assert len(_names(mesh, slot)) == 2


def test_the_announced_pod_takes_over(mesh: Simulator, slot: int) -> None:
    mesh.rollout.announce(slot)
    old, coming = _names(mesh, slot)

    mesh.rollout.switch(slot, mesh.at)

    assert mesh.pods.serving[slot].name == coming
    assert _names(mesh, slot) == [coming, old]


def test_the_old_pod_keeps_its_last_counts(mesh: Simulator, slot: int) -> None:
    old = mesh.pods.serving[slot].name
    rows = [
        row
        for row, key in enumerate(mesh.ledger.tcp.keys)
        if mesh.ledger.keys.unpack(key).pod == slot
    ]
    _, _, sent, _ = mesh.ledger.tcp.values[rows, :4].sum(axis=0)

    mesh.rollout.switch(slot, mesh.at)
    for _ in range(20):
        mesh.step()

    seen = _page(mesh, old)
    # Also what came after the last flush, and every connection closed.
    assert sum(seen["istio_tcp_sent_bytes_total"].values()) == sent
    assert seen["istio_tcp_connections_closed_total"] == seen["istio_tcp_connections_opened_total"]


def test_the_new_pod_counts_from_nothing(mesh: Simulator, slot: int) -> None:
    opened = "istio_tcp_connections_opened_total"
    before = sum(_page(mesh, mesh.pods.serving[slot].name)[opened].values())
    mesh.rollout.switch(slot, mesh.at)
    assert set(_page(mesh, mesh.pods.serving[slot].name)) == {"istio_build"}

    mesh.step()

    assert 0 < sum(_page(mesh, mesh.pods.serving[slot].name)[opened].values()) < before


def test_the_old_pod_goes_once_it_has_drained(mesh: Simulator, slot: int) -> None:
    old = mesh.pods.serving[slot].name
    mesh.rollout.switch(slot, mesh.at)

    mesh.rollout.forget(mesh.at + DRAIN_S - 1)
    assert old in _names(mesh, slot)
    mesh.rollout.forget(mesh.at + DRAIN_S)
    assert old not in _names(mesh, slot)
    assert _text_of(mesh, "shop", old) is None


def test_a_rollout_that_is_called_off_leaves_the_serving_pods(mesh: Simulator, slot: int) -> None:
    mesh.rollout.announce(slot)
    mesh.rollout.cancel()

    assert _names(mesh, slot) == [mesh.pods.serving[slot].name]


def test_a_pod_is_found_in_its_own_namespace_only(mesh: Simulator, slot: int) -> None:
    assert _text_of(mesh, "club", mesh.pods.serving[slot].name) is None
