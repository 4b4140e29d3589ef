"""The diagnosis in a terminal."""

import pytest

from graph.core.wire import Check
from graph.doctor.table import coloured, line, plain, summary

CHECK: Check = {
    "id": "double_scraping",
    "state": "amber",
    "detail": "The proxies are scraped 2 times over, by kubernetes-pods and envoy-stats-monitor.",
    "advice": "Drop one of the jobs.",
    "took_ms": 3.0,
}


def test_a_line_names_check_colour_finding_and_advice() -> None:
    text = line(CHECK, 200, plain)

    first, advice = text.split("\n")
    assert first == f"double scraping  amber    {CHECK['detail']}"
    assert advice.strip() == "→ Drop one of the jobs."


@pytest.mark.parametrize("width", [20, 60, 80, 120])
def test_words_wrap_and_none_is_lost(width: int) -> None:
    text = line(CHECK, width, plain)

    assert " ".join(text.split()).endswith(f"{CHECK['detail']} → {CHECK['advice']}")
    assert max(map(len, text.split("\n"))) <= max(width, 66)


def test_a_good_line_has_no_advice() -> None:
    assert "→" not in line({**CHECK, "state": "green", "advice": ""}, 80, plain)


def test_colours_stand_beside_words() -> None:
    assert coloured("amber", "amber") == "\x1b[33mamber\x1b[0m"
    assert "\x1b" not in line(CHECK, 80, plain)


def test_the_sum_begins_with_the_worst() -> None:
    assert summary(["green", "red", "green", "skipped"]) == "1 red, 2 green, 1 skipped."
