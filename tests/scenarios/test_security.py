"""Mutual TLS that is only partly there, and a namespace that turns strict."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.recorded import Graph, Recorded
from tests.truth import compare

STRICT = case("strict", seconds=180, looks=(85,), load=4)


@pytest.mark.scene(STRICT)
def test_one_edge_shows_the_share_of_its_plaintext_pods(scene: Recorded) -> None:
    compare.check_all(scene.view(moment=85), scene.truth(85), "workload")

    edge = Graph(scene.view("app", moment=85)).edge("productpage", "reviews")
    assert edge["mtls"]["state"] == "mixed"
    assert edge["mtls"]["ratio"] == pytest.approx(0.70, abs=0.03)


@pytest.mark.scene(STRICT)
def test_strict_turns_plaintext_into_failures_that_only_the_caller_sees(scene: Recorded) -> None:
    compare.check_error_ratios(compare.pairs(scene.view("app"), scene.truth(), "app"))

    edge = Graph(scene.view("app")).edge("productpage", "reviews")
    assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}
    assert edge["error_ratio"] == pytest.approx(0.30, abs=0.03)
    assert edge["reporter"] == "mixed"
    assert edge["server"] is not None
    assert edge["server"]["error_ratio"] == 0
    assert {response["flags"] for response in edge["responses"] if response["error"]} == {"UF"}


@pytest.mark.scene(STRICT)
def test_a_caller_without_a_proxy_is_gone_once_only_mutual_tls_is_let_in(scene: Recorded) -> None:
    def callers(moment: float | None) -> set[str]:
        return {source for source, _, _ in Graph(scene.view("app", moment=moment)).edges}

    assert "unknown" in callers(85)
    assert "unknown" not in callers(None)
