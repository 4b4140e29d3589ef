"""What a person does with saved views."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SETTINGS
from tests.e2e.view import View
from tests.served import ROOT, Served
from tests.signin.people import PASSWORD, populate, signing_in
from tests.stack import PrometheusServer, wait_until


@contextmanager
def serving_people(prometheus: PrometheusServer, folder: Path, *names: str) -> Iterator[Served]:
    """Run a server that asks for names, and knows these."""
    url = f"sqlite:///{folder}/mesh.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.quick")
        patch.setenv("PYTHONPATH", str(ROOT))
        populate(url, *names)
        with Served(prometheus.url, **SETTINGS, **signing_in(url)) as server:
            wait_until(lambda: "The database is ready" in server.log, what="the database")
            yield server


def sign_in(view: View, name: str, query: str = "") -> View:
    """Come from a page, fill in the form, and be back on that page."""
    page = view.page
    page.goto(f"{view.url}/{query}")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    return view.settle()


def open_list(view: View) -> None:
    view.page.get_by_role("button", name="Saved views").click()
    expect(view.page.get_by_label("Name of this view")).to_be_focused()


def save(view: View, name: str) -> None:
    view.page.get_by_label("Name of this view").fill(name)
    view.press("Enter")
    expect(view.page.locator(".saved-said")).to_contain_text(f"{name} is saved.")
