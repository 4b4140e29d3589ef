"""Which series are meant: matchers in Istio's names, and alternatives of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from graph.core.outcomes import NEVER_REACHED
from graph.sources.naming import Matcher, escape

UNKNOWN = "unknown|"


@dataclass(frozen=True, slots=True)
class Where:
    """Series that match any of some alternatives."""

    alternatives: tuple[tuple[Matcher, ...], ...]

    def plus(self, *matchers: Matcher) -> "Where":
        """Return those of the series that match these too."""
        return Where(tuple((*each, *matchers) for each in self.alternatives))

    def without(self, label: str) -> "Where":
        """Return the alternatives with nothing said of a label."""
        kept = (tuple(m for m in each if m[0] != label) for each in self.alternatives)
        return Where(tuple(dict.fromkeys(kept)))

    def __or__(self, other: "Where") -> "Where":
        return Where(tuple(dict.fromkeys(self.alternatives + other.alternatives)))


class Rest(NamedTuple):
    """Servers' series of callers without a name, of which callers with one count a part."""

    strangers: Where
    callers: Where


def flagged(flags: Iterable[str]) -> Matcher:
    """Return the matcher for responses with any of Envoy's flags."""
    return ("response_flags", "=~", f"(.*,)?({'|'.join(sorted(flags))})(,.*)?")


def not_flagged(flags: Iterable[str]) -> Matcher:
    """Return the matcher for responses with none of Envoy's flags."""
    label, _, pattern = flagged(flags)
    return (label, "!~", pattern)


LOST = flagged(NEVER_REACHED)


def any_of(label: str, names: Iterable[str], families: Collection[str] = ()) -> Matcher:
    """Return the matcher for any of some names; "" is what Istio did not know.

    Of the ``families`` the names are patterns; elsewhere ``*`` and ``?`` are themselves.
    """
    every = sorted(set(names), key=lambda name: (not name, name))
    if len(every) == 1 and every[0] and every[0] not in families:
        return (label, "=", every[0])
    return (label, "=~", "|".join(pattern(name, families) or UNKNOWN for name in every))


def pattern(name: str, families: Collection[str] = ()) -> str:
    """Return the regular expression for a name, which may be that of a family."""
    if name not in families:
        return escape(name)
    return "".join({"*": ".*", "?": "."}.get(sign) or escape(sign) for sign in name)
