"""Alerts of the chart link to their runbooks where values say where the documents are."""

from typing import Any

import pytest

from tests.deploy.chart import render
from tests.deploy.matrix import Values

pytestmark = pytest.mark.helm

BASES = ["https://git.example.com/meshviz/blob/main", "https://git.example.com/$1/tree/"]


@pytest.mark.parametrize("base", BASES)
def test_alerts_link_to_their_runbooks_where_these_have_an_address(base: str):
    notes = [rule["annotations"] for rule in _alerts({"runbookBaseUrl": base})]

    assert notes
    for note in notes:
        assert note["runbook_url"] == f"{base.rstrip('/')}/{note['runbook']}"


def test_alerts_have_no_dead_link_elsewhere():
    for rule in _alerts({}):
        assert "runbook_url" not in rule["annotations"]
        assert rule["annotations"]["runbook"].startswith("docs/operations.md#")


def test_a_link_changes_nothing_else():
    linked = _alerts({"runbookBaseUrl": BASES[0]})
    for rule in linked:
        del rule["annotations"]["runbook_url"]

    assert linked == _alerts({})


def _alerts(values: Values) -> list[dict[str, Any]]:
    rendered = render({"metrics": {"prometheusRule": {"enabled": True, **values}}})
    files = [it["spec"]["groups"] for it in rendered if it["kind"] == "PrometheusRule"]
    return [rule for groups in files for group in groups for rule in group["rules"]]
