"""Strict reading of a parsed YAML document: every error names the file and the field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class TopologyError(ValueError):
    """A topology file says something impossible; the message names the file and the field."""


def _kind(value: object) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {value!r}"


@dataclass(frozen=True, slots=True)
class Field:
    """A value together with the place where it stands."""

    file: str
    path: str
    value: object

    def error(self, message: str) -> TopologyError:
        """Return the error to raise when this value will not do."""
        return TopologyError(f"{self.file}: {self.path or 'document'}: {message}")

    def mapping(self) -> dict[str, object]:
        """Return the value, which has to be a mapping with text keys."""
        if not isinstance(self.value, dict):
            raise self.error(f"a mapping needed, not {_kind(self.value)}")
        for key in self.value:
            if not isinstance(key, str):
                raise self.error(f"key {key!r} has to be text: put it in quotes")
        return self.value

    def only(self, *names: str) -> None:
        """Refuse every key but these."""
        for key in self.mapping():
            if key not in names:
                raise self.at(key).error(f"unknown field, one of {', '.join(names)} needed")

    def at(self, key: str | int) -> "Field":
        """Return what stands under ``key``; a missing value reads as None."""
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if self.path else str(key)
        inside = self.value
        value: object = None
        if isinstance(inside, dict):
            value = inside.get(key)
        elif isinstance(inside, list) and isinstance(key, int):
            value = inside[key]
        return Field(self.file, self.path + step, value)

    def has(self, key: str) -> bool:
        """True when the mapping has this key."""
        return key in self.mapping()

    def members(self) -> Iterator[tuple[str, "Field"]]:
        """Yield the mapping's keys and values; an absent mapping has none."""
        if self.value is None:
            return
        for key in self.mapping():
            yield key, self.at(key)

    def items(self) -> Iterator["Field"]:
        """Yield the list's items; an absent list has none."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            raise self.error(f"a list needed, not {_kind(self.value)}")
        for index in range(len(self.value)):
            yield self.at(index)

    def text(self, default: str | None = None) -> str:
        """Return text; ``default`` when absent."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str) or not self.value:
            raise self.error(f"text needed, not {_kind(self.value)}")
        return self.value

    def flag(self) -> bool:
        """Return true or false; false when absent."""
        if self.value is None:
            return False
        if not isinstance(self.value, bool):
            raise self.error(f"true or false needed, not {_kind(self.value)}")
        return self.value

    def number(self, default: float | None = None, *, low: float = 0, high: float = 1e9) -> float:
        """Return a number within [low, high]; ``default`` when absent."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.error(f"a number needed, not {_kind(self.value)}")
        if not low <= self.value <= high:
            raise self.error(f"{self.value} is not within {low:g} and {high:g}")
        return float(self.value)

    def whole(self, default: int, *, low: int, high: int) -> int:
        """Return a whole number within [low, high]; ``default`` when absent."""
        number = self.number(default, low=low, high=high)
        if number != int(number):
            raise self.error(f"a whole number needed, not {number}")
        return int(number)

    def one_of(self, choices: Mapping[str, T]) -> T:
        """Return what the text stands for in ``choices``."""
        name = self.text()
        if name not in choices:
            raise self.error(f"{name!r} is not one of {', '.join(choices)}")
        return choices[name]
