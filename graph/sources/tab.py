"""Who is charged for the questions that are asked now: a tab that is open in this thread.

    with opened(tab):
        source.ask(...)      notes on the tab how long it took

Threads that ask on somebody's behalf are handed functions that are `carried`. Where no tab is open,
as in the polls that feed everybody's picture, nobody is charged.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Tab(Protocol):
    """What is open for somebody's questions."""

    def begin(self) -> None:
        """Called before each question; raises what keeps it from being asked."""

    def note(self, seconds: float) -> None:
        """Called after each, with what it took."""


_OPEN: ContextVar[Tab | None] = ContextVar("tab", default=None)


@contextmanager
def opened(tab: Tab | None) -> Iterator[None]:
    """Charge what is asked meanwhile in this thread."""
    token = _OPEN.set(tab)
    try:
        yield
    finally:
        _OPEN.reset(token)


def current() -> Tab | None:
    """Return the tab that is open here, None if nobody is charged."""
    return _OPEN.get()


def carried(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function for another thread: what it asks is charged as it would be here."""
    tab = current()
    if tab is None:
        return function

    def charged(*args: P.args, **kwargs: P.kwargs) -> R:
        with opened(tab):
            return function(*args, **kwargs)

    return charged
