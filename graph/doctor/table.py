"""The diagnosis as people read it in a terminal."""

import textwrap
from collections.abc import Callable, Iterable

from graph.core.wire import Check, CheckState

Paint = Callable[[str, CheckState], str]

_NAME_WIDTH = 16
_STATE_WIDTH = 8
_INDENT = " " * (_NAME_WIDTH + _STATE_WIDTH + 2)
_CODES: dict[CheckState, str] = {"green": "32", "amber": "33", "red": "31", "skipped": "2"}


def line(check: Check, width: int, paint: Paint) -> str:
    """Return one check: its name, its colour as a word, what was found and what to do."""
    name = check["id"].replace("_", " ").ljust(_NAME_WIDTH)
    state = paint(check["state"].ljust(_STATE_WIDTH), check["state"])
    room = max(40, width - len(_INDENT))
    detail = textwrap.wrap(
        check["detail"], room, break_long_words=False, break_on_hyphens=False
    ) or [""]
    rows = [f"{name} {state} {detail[0]}", *(_INDENT + row for row in detail[1:])]
    if check["advice"]:
        advice = textwrap.wrap(
            "→ " + check["advice"], room, break_long_words=False, break_on_hyphens=False
        )
        rows += [_INDENT + row for row in advice]
    return "\n".join(rows)


def summary(states: Iterable[CheckState]) -> str:
    """Return how many lines have which colour, the worst first."""
    listed = list(states)
    order: tuple[CheckState, ...] = ("red", "amber", "green", "skipped")
    return ", ".join(f"{listed.count(state)} {state}" for state in order if state in listed) + "."


def coloured(text: str, state: CheckState) -> str:
    """Return the text in its colour, for terminals."""
    return f"\x1b[{_CODES[state]}m{text}\x1b[0m"


def plain(text: str, state: CheckState) -> str:
    """Return the text as it is, for files and pipes."""
    return text
