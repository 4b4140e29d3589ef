"""The label sets of answers, each parsed once: the same come with every question and tick.

The memory holds what was asked for of late, whatever the size of the mesh: it has two generations,
and what is not met again while the younger one fills is forgotten.
"""

import sys
from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from graph.core.accounts import Reporter, Teller
from graph.core.identity import Link, Name, known, parse_link
from graph.core.outcomes import Outcome
from graph.core.samples import Labels
from graph.core.wire import Protocol

# Label sets in one generation. A mesh of 10,000 services has 145,000, which take some 300 MB; with
# more than this in use, some are parsed anew at every tick.
_KEPT = 400_000

Thing = TypeVar("Thing", bound=Hashable)


class Row(NamedTuple):
    """What the labels of one series say."""

    teller: Teller
    # Of the two ends of its link.
    names: tuple[Name, Name]
    outcome: Outcome
    # What stands beside the number: security policy, principals of both ends, host.
    security: str
    principals: tuple[str, str]
    host: str


class Rows:
    """Parses label sets, and remembers what it parsed. Equal parts of rows are the same objects."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._young: dict[tuple[Any, ...], Row | None] = {}
        self._old: dict[tuple[Any, ...], Row | None] = {}
        self._parts: dict[Hashable, Hashable] = {}

    def __len__(self) -> int:
        """Return how many label sets are remembered."""
        return len(self._young) + len(self._old)

    def of(
        self, labels: Mapping[str, str], default: Protocol, groups: tuple[str, ...]
    ) -> Row | None:
        """Return what the labels say; None for a reporter that is no proxy of the mesh.

        ``default`` is the protocol of series that do not say.
        """
        if type(labels) is not Labels:
            return self._looked_up(labels, default, groups)
        reading = labels.reading
        if reading is not None and reading[0] == default and reading[1] == groups:
            return cast("Row | None", reading[2])
        row = self._looked_up(labels, default, groups)
        labels.reading = default, groups, row
        return row

    def _looked_up(
        self, labels: Mapping[str, str], default: Protocol, groups: tuple[str, ...]
    ) -> Row | None:
        # As many names as values, so no two label sets make the same key.
        key = (default, groups, *labels, *labels.values())
        try:
            return self._young[key]
        except KeyError:
            return self._remember(key, labels, default, groups)

    def _remember(
        self,
        key: tuple[Any, ...],
        labels: Mapping[str, str],
        default: Protocol,
        groups: tuple[str, ...],
    ) -> Row | None:
        if key in self._old:
            row = self._old[key]
        else:
            # The texts of a big mesh are few, but every answer brings copies of its own.
            labels = {sys.intern(name): sys.intern(value) for name, value in labels.items()}
            key = (default, groups, *labels, *labels.values())
            row = _parse(labels, default, groups, self._one)
        if len(self._young) >= self._most:
            self._old, self._young, self._parts = self._young, {}, {}
        self._young[key] = row
        return row

    def _one(self, thing: Thing) -> Thing:
        """Return the thing itself, or its equal that is in use already."""
        # By kind too: a nameless service equals an outcome of which nothing is known.
        return cast("Thing", self._parts.setdefault((type(thing), thing), thing))


def _parse(
    labels: Mapping[str, str],
    default: Protocol,
    groups: tuple[str, ...],
    one: Callable[[Any], Any],
) -> Row | None:
    reporter = _reporter(labels)
    if reporter is None:
        return None
    link, *names = parse_link(labels, default, groups)
    link = Link(
        one(link.source), one(link.target), one(link.service), link.protocol, link.operation
    )
    principals = known(labels.get("source_principal")), known(labels.get("destination_principal"))
    return Row(
        one((one(link), reporter)),
        one(tuple(map(one, names))),
        one(outcome_of(labels)),
        known(labels.get("connection_security_policy")),
        one(principals),
        known(labels.get("destination_service")),
    )


def _reporter(labels: Mapping[str, str]) -> Reporter | None:
    match labels.get("reporter", ""), labels.get("proxy", ""):
        case "source" | "destination" as side, "ztunnel":
            return cast("Reporter", f"ztunnel_{side}")
        case "destination" | "source" | "waypoint" as reporter, _:
            return reporter
    return None


def outcome_of(labels: Mapping[str, str]) -> Outcome:
    """Return how the requests of a series ended."""
    flags = labels.get("response_flags", "")
    return Outcome(
        labels.get("response_code", ""),
        labels.get("grpc_response_status", ""),
        "" if flags == "-" else flags,
    )
