"""What things are called in Redis, and how they are written there.

Everything is under one prefix that tells meshes and versions of the wire apart, so that several
meshviz may share a Redis. Everything expires when nobody renews it.

    wanted:windows    zset   window in seconds -> until when it is wanted (Redis' clock)
    wanted:views      zset   a view, see `member` -> until when it is wanted
    asked:<window>    list   something was wanted that is not drawn yet; wakes the keeper
    feed:<window>     hash   status, told_at; state, the saved feed; facts about the source
    lock:<window>     string who keeps the feed
    view:<digest>     hash   the newest face of a view, see `FIELDS`
    totals            hash   what workers have done so far
    news              channel of short notices, see `News`
"""

import dataclasses
import hashlib
from dataclasses import dataclass, fields
from typing import NamedTuple

import orjson

from graph.core.engine import ViewSpec
from graph.core.saving import FORMAT
from graph.core.wire import (
    PROTOCOL_VERSION,
    Delta,
    Edge,
    Node,
    Snapshot,
    SourceFacts,
    SourceStatus,
)


class Unreadable(ValueError):
    """Something in Redis is not what this version writes."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The names under one prefix."""

    prefix: str

    @property
    def windows(self) -> str:
        return f"{self.prefix}wanted:windows"

    @property
    def views(self) -> str:
        return f"{self.prefix}wanted:views"

    @property
    def totals(self) -> str:
        return f"{self.prefix}totals"

    @property
    def news(self) -> str:
        return f"{self.prefix}news"

    def asked(self, window_s: int) -> str:
        return f"{self.prefix}asked:{window_s}"

    def feed(self, window_s: int) -> str:
        return f"{self.prefix}feed:{window_s}"

    def lock(self, window_s: int) -> str:
        return f"{self.prefix}lock:{window_s}"

    def view(self, digest: str) -> str:
        return f"{self.prefix}view:{digest}"


# What of the wire lies in Redis, as far as another process reads its fields.
_WRITTEN = (Snapshot, Delta, Node, Edge, SourceStatus, SourceFacts)
# To be raised when something is written under the same names and means something else.
_LAYOUT = 1


def layout() -> tuple[object, ...]:
    """Return all that two versions must agree on to read what the other has written.

    The names of fields are part of it, so that nobody has to think of it when one is added.
    """
    return (
        _LAYOUT,
        PROTOCOL_VERSION,
        FORMAT,
        tuple(field.name for field in fields(ViewSpec)),
        *(tuple(sorted(kind.__annotations__)) for kind in _WRITTEN),
    )


def prefix_for(*told_apart_by: object) -> str:
    """Return the prefix of everything that is about one mesh, looked at in one way.

    Versions that would misread each other do not meet: each has workers and beat of its own.
    """
    text = repr((layout(), told_apart_by)).encode()
    return f"meshviz:{PROTOCOL_VERSION}:{hashlib.sha256(text).hexdigest()[:12]}:"


def member(spec: ViewSpec) -> bytes:
    """Return a view as it stands in `wanted:views`."""
    fields = {field.name: getattr(spec, field.name) for field in dataclasses.fields(spec)}
    # As versions write it that know no permits: while one replaces the other, both name it alike.
    kept = {name: value for name, value in fields.items() if name != "permit" or value}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


def spec_of(text: bytes) -> ViewSpec:
    """Return the view that `member` wrote; raises Unreadable for anything else."""
    try:
        found = orjson.loads(text)
        lists = {name: tuple(found[name]) for name in ("namespaces", "collapsed")}
        permit = tuple(tuple(patterns) for patterns in found.get("permit", ()))
        return ViewSpec(**{**found, **lists, "permit": permit})
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Unreadable(f"not a view: {text[:100]!r}") from error


def digest_of(spec: ViewSpec) -> str:
    """Return a short name for a view."""
    return hashlib.blake2b(member(spec), digest_size=8).hexdigest()


class News(NamedTuple):
    """A notice: ``what`` happened to ``name``.

    "view": a view has face ``number``. "feed": a window was asked. "alive": somebody keeps it.
    "taken": somebody keeps it from now on, and knows no more than Redis does.
    """

    what: str
    name: str
    number: int = 0

    def encoded(self) -> bytes:
        return f"{self.what} {self.name} {self.number}".encode()

    @classmethod
    def decoded(cls, text: bytes) -> "News":
        try:
            what, name, number = text.decode("ascii").split(" ")
            return cls(what, name, int(number))
        except ValueError as error:
            raise Unreadable(f"not a notice: {text[:100]!r}") from error
