"""What is told of one setting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

PREFIX = "MESHVIZ_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: how it is read and what to tell people about it.

    ``default`` is text like the variable itself; None means that `serve` needs a value. ``check``
    looks at what the value names, such as a file; it raises ValueError.
    """

    field: str
    parse: Callable[[str], Any]
    default: str | None
    accepted: str
    example: str
    help: str
    check: Callable[[Any], object] | None = None
    # Never shown, not even when it is wrong.
    is_secret: bool = False
    # Its whole name, where the world has one already.
    variable: str = ""

    @property
    def name(self) -> str:
        return self.variable or PREFIX + self.field.upper()


class Conflict(NamedTuple):
    """A setting, what is wrong with it, and what to write where its usual example is no help."""

    field: str
    reason: str
    example: str = ""
