"""Other names for metrics and labels, and label values of any content, in a real Prometheus."""

from collections.abc import Callable

import pytest

from graph.sources.naming import Metric, escape, selector
from tests.sources.conftest import Shelf, Stored
from tests.sources.scenes import NASTY

pytestmark = pytest.mark.prometheus

Open = Callable[..., Stored]


def test_renamed_metrics_and_labels_come_back_under_istios_names(stored: Open) -> None:
    mesh = stored(
        "renamed",
        metrics={"istio_requests_total": Metric("mesh:requests")},
        labels={"source_workload": "src_workload"},
    )
    (row,) = mesh.rows("requests")

    assert row.value == pytest.approx(2)
    assert row.labels["source_workload"] == "web"
    assert "src_workload" not in row.labels
    assert mesh.source.facts()["eras"]


def test_series_that_are_rates_already_are_averaged(stored: Open) -> None:
    mesh = stored(
        "rated", metrics={"istio_requests_total": Metric("mesh:request_rate", is_rate=True)}
    )

    # Two samples in the window are 5, and two or three are 2: Prometheus 3 leaves its edge out.
    assert mesh.total("requests") in (pytest.approx(16 / 5), pytest.approx(14 / 4))


def test_series_that_the_selector_leaves_out_are_counted_where_it_leaves_none_in(
    stored: Open,
) -> None:
    assert (stored("nasty", selector='scene="nowhere"').fetch().left_out or 0) > 0
    assert stored("nasty").fetch().left_out is None


def test_the_selector_holds_for_everything(stored: Open) -> None:
    mesh = stored("once")
    rows = [row for answer in mesh.fetch().answers.values() for row in answer]

    assert rows
    assert mesh.source.jobs == ("pods",)
    assert mesh.source.traffic.endswith('scene="once"}')
    assert mesh.source.scraped == '{job=~"pods", scene="once"}'


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_a_value_of_any_content_comes_back_and_can_be_asked_for(
    stored: Open, shelf: Shelf, number: int
) -> None:
    text = NASTY[number]
    (row,) = stored("nasty").rows("requests", destination_service=text)
    assert row.value == pytest.approx(1 + number)

    for matcher in (
        ("destination_service", "=", text),
        ("destination_service", "=~", f"nobody|{escape(text)}"),
    ):
        query = f"istio_requests_total{selector([matcher, ('scene', '=', 'nasty')])}"
        (found,) = shelf.server.query(query, shelf.at)
        assert found["metric"]["destination_service"] == text  # type: ignore[index]
