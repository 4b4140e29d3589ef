"""People whom a proxy names, and who may see and do different things."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import SETTINGS, OpenView
from tests.e2e.view import View
from tests.served import ROOT, Served
from tests.stack import PrometheusServer, wait_until

# Who is called from outside, who calls there, who sees nothing, and who sees all.
ACCESS = """
users:
  bea: {role: viewer, namespaces: [bookinfo]}
  gus: {role: editor, namespaces: ["istio-*"]}
  nia: {role: viewer}
  amy: {role: admin, namespaces: ["*"]}
"""

OpenAs = Callable[..., View]


@contextmanager
def serving_by_proxy(prometheus: PrometheusServer, folder: Path) -> Iterator[Served]:
    """Run a server that believes what this machine says of who asks; it looks again and again."""
    (folder / "access.yaml").write_text(ACCESS)
    settings = {
        "sign_in": "proxy",
        "trusted_proxies": "127.0.0.1",
        "access_file": str(folder / "access.yaml"),
        "database_url": f"sqlite:///{folder}/mesh.sqlite3",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.hasty")
        patch.setenv("PYTHONPATH", str(ROOT))
        with Served(prometheus.url, **SETTINGS, **settings) as server:
            wait_until(lambda: "The database is ready" in server.log, what="the database")
            wait_until(lambda: _lines(server) > 30, what="the whole graph")
            yield server


def _lines(server: Served) -> int:
    answer = server.get("/api/v1/graph", headers=named("amy"))
    return len(answer.json()["edges"])


def named(name: str) -> dict[str, str]:
    """Return what a proxy says of somebody."""
    return {"X-Forwarded-User": name}


def opener(open_view: OpenView, server: Served) -> OpenAs:
    """Return a function that opens a page as somebody."""

    def open_as(name: str, **context: object) -> View:
        options = {"reduced_motion": "reduce", "extra_http_headers": named(name)}
        return open_view(server, **(options | context))

    return open_as
