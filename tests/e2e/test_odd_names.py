"""Label values of any content: clients put there what they like, and the page stays harmless."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SETTINGS, OpenView
from tests.e2e.meshes import LABELS, Labels, busy_mesh
from tests.e2e.view import View
from tests.served import Served
from tests.stack import PrometheusServer, wait_until

SCRIPT = "<img src=x onerror=\"document.title='owned'\">"
LONG = "start-" + "x" * 285 + "-the-end"
# What it is, and how the page shows it.
ODD = {
    SCRIPT: SCRIPT,
    "quo\"te's \\ back": "quo\"te's \\ back",
    "new\nline\ttab": "new␊line␉tab",
    "admin\u202egpj.exe": "admin⟨U+202E⟩gpj.exe",
    "line\u2028separator": "line⟨U+2028⟩separator",
    "🚀 größe 東京 👩‍👩‍👧": "🚀 größe 東京 👩‍👩‍👧",
    "שלום-עולם": "שלום-עולם",
    "__proto__": "__proto__",
}


def _call(target: str, namespace: str = "odd", cluster: str = "east", **labels: str) -> Labels:
    return {
        **LABELS,
        "source_cluster": cluster,
        "destination_cluster": cluster,
        "destination_workload": target,
        "destination_workload_namespace": namespace,
        "destination_canonical_service": target,
        "destination_service": f"{target}.{namespace}",
        "destination_service_name": target,
        "destination_service_namespace": namespace,
        **labels,
    }


CALLS = [
    *(_call(name) for name in ODD),
    _call(LONG),
    # A namespace, an identity and a code as odd as the names.
    _call("plain", namespace=SCRIPT, response_code="\u202e42836664", destination_principal=SCRIPT),
    _call("twin"),
    _call("twin", cluster="west"),
    _call("shared", namespace="red"),
    _call("shared", namespace="blue"),
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        busy_mesh(CALLS) as mesh,
        PrometheusServer(mesh.port, tmp_path_factory.mktemp("odd")) as prometheus,
        Served(prometheus.url, **SETTINGS) as server,
    ):
        wait_until(lambda: len(server.graph()["edges"]) >= len(CALLS), what="every odd edge")
        yield server


@pytest.fixture
def page(odd: Served, open_view: OpenView) -> View:
    return open_view(odd, reduced_motion="reduce").open("?type=app")


def test_every_odd_name_is_drawn_and_nothing_of_it_runs(page: View, odd: Served) -> None:
    graph = odd.graph("type=app")

    assert set(page.nodes()) == {node["id"] for node in graph["nodes"]}
    assert set(ODD) | {LONG} <= {node["name"] for node in graph["nodes"]}
    page.press("t")
    page.shoot("odd-names")
    assert page.page.locator("main img").count() == 0
    assert page.page.title() == "meshviz"


def listed(page: View) -> list[str]:
    """Return the names in the table, once it has all nodes: hidden, it waits for a rest."""
    names = page.page.locator(".tables table").first.locator("tbody th")
    expect(names).to_have_count(len(page.nodes()))
    return names.all_inner_texts()


def test_table_shows_what_cannot_be_seen_and_shortens_what_is_long(page: View) -> None:
    names = listed(page)

    assert set(ODD.values()) <= {name.removesuffix(" v1").strip() for name in names}
    (long,) = [name for name in names if name.startswith("start-")]
    assert len(long) < 70
    assert "…" in long
    assert "-the-end" in long


def test_panel_shows_the_whole_name_and_its_queries(page: View, odd: Served) -> None:
    ids = {node["name"]: node["id"] for node in odd.graph("type=app")["nodes"]}
    title = page.page.locator(".panel h2")

    for name in [*ODD, LONG]:
        page.click(page.settle().nodes()[ids[name]])
        expect(title).to_contain_text(ODD.get(name, name))

    page.page.locator('[data-field="in.rps"]').click()
    expect(page.page.locator(".origin pre").first).to_contain_text(LONG)
    assert page.page.title() == "meshviz"


def test_nodes_of_the_same_name_say_where_they_are(page: View) -> None:
    names = listed(page)
    stripped = [name.replace(" v1", "").strip() for name in names]

    assert {"twin (east)", "twin (west)", "shared (red)", "shared (blue)"} <= set(stripped)


def test_picker_takes_any_namespace_that_is_listed(page: View, odd: Served) -> None:
    page.page.get_by_role("button", name="Namespaces").click()
    page.page.locator(".check", has_text="<img").locator("input").check()

    page.until(lambda: len(page.edges()) == 1, "the one edge of the odd namespace")
    expect(page.page.locator(".refusal")).to_have_count(0)
    page.press("Escape")
    page.settle().click(next(iter(page.edges().values())))
    panel = page.page.locator(".panel")
    expect(panel.locator(".responses")).to_contain_text("⟨U+202E⟩42836664")
    expect(panel.locator(".principals").last).to_contain_text(SCRIPT)
    page.page.reload()
    page.settle()
    assert len(page.edges()) == 1
