"""What an empty page says: what is wrong, and what to do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from graph.demo.prometheus import free_port
from tests.e2e.conftest import SETTINGS, OpenView
from tests.e2e.meshes import still_mesh
from tests.faultserver import Fault, FaultServer
from tests.served import Served
from tests.stack import PrometheusServer

REST = {"reduced_motion": "reduce"}
PATIENCE_MS = 30_000


FAULTS: list[tuple[Fault, str]] = [
    ("refuse", "unreachable"),
    ("422", "rejected"),
    ("html", "garbled"),
    ("slow", "timeout"),
]


@pytest.fixture(scope="module")
def faulty() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def test_every_way_to_fail_has_its_card(faulty: FaultServer, open_view: OpenView) -> None:
    faulty.fault = "refuse"
    with Served(faulty.url, **SETTINGS | {"query_timeout": "1s"}) as served:
        view = open_view(served, **REST)
        view.page.goto(served.url)
        for fault, reason in FAULTS:
            faulty.fault = fault
            card = view.page.locator(f".card[data-reason={reason}]")
            expect(card).to_be_visible(timeout=PATIENCE_MS)
            expect(card).to_contain_text("What to do")
            view.shoot(f"empty-{reason}")

        faulty.fault = "none"

        expect(view.page.locator(".card")).to_have_count(0, timeout=PATIENCE_MS)
        view.settle()


def test_window_shorter_than_two_scrapes_is_explained(
    faulty: FaultServer, open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.fault = "none"
    monkeypatch.setattr("tests.faultserver.SCRAPE_INTERVAL_S", 8)
    settings = SETTINGS | {"windows": "10s,1m", "window": "10s"}
    with Served(faulty.url, **settings) as served:
        view = open_view(served, **REST)
        view.page.goto(served.url)
        card = view.page.locator(".card[data-reason=window_too_short]")
        expect(card).to_be_visible(timeout=PATIENCE_MS)
        expect(card).to_contain_text(re.compile(r"\b16 ?s\b"))
        expect(view.page.locator(".statusbar")).to_contain_text("The window is too short")
        expect(view.page.locator(".statusbar")).not_to_contain_text("does not answer")
        view.shoot("empty-window-too-short")

        view.page.get_by_role("combobox", name="Window").select_option("1m")

        expect(view.page.locator(".card")).to_have_count(0, timeout=PATIENCE_MS)
        view.settle()


def test_prometheus_without_istio_is_explained(tmp_path: Path, open_view: OpenView) -> None:
    with (
        PrometheusServer(free_port(), tmp_path) as bare,
        Served(bare.url, **SETTINGS) as served,
    ):
        view = open_view(served, **REST)
        view.page.goto(served.url)

        card = view.page.locator(".card[data-reason=no_istio_metrics]")
        expect(card).to_be_visible(timeout=PATIENCE_MS)
        expect(card).to_contain_text("istio_requests_total")
        view.shoot("empty-no-istio")


def test_namespaces_without_traffic_are_explained(served: Served, open_view: OpenView) -> None:
    view = open_view(served, **REST)
    view.page.goto(f"{served.url}/?namespace=nowhere")
    expect(view.page.locator(".card[data-reason=namespace_filter]")).to_be_visible(
        timeout=PATIENCE_MS
    )

    view.page.locator(".card").get_by_role("button").click()

    view.settle()
    assert "namespace" not in view.page.url


def test_mesh_without_traffic_is_explained(tmp_path: Path, open_view: OpenView) -> None:
    with (
        still_mesh() as mesh,
        PrometheusServer(mesh.port, tmp_path) as server,
        Served(server.url, **SETTINGS) as served,
    ):
        view = open_view(served, **REST)
        view.page.goto(served.url)

        expect(view.page.locator(".card[data-reason=no_traffic]")).to_be_visible(
            timeout=PATIENCE_MS
        )
        view.shoot("empty-no-traffic")

        view.page.get_by_role("button", name="Show idle edges and nodes").click()

        expect(view.page.locator(".card")).to_have_count(0, timeout=PATIENCE_MS)
        view.settle()
        assert len(view.edges()) == 1
        assert "idle=true" in view.page.url
        expect(view.page.locator(".banner")).to_have_count(0)
        rows = view.page.locator(".tables tbody tr")
        expect(rows.filter(has_text="details")).to_have_count(2)
        expect(rows.filter(has_text="Idle")).to_have_count(3)
        view.shoot("idle")
