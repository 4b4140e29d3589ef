"""Tables of names: what stands behind many things is written once, and meant by its place.

`Book` is written to, `Pages` is what is read back.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from graph.core.accounts import Reporter, Teller
from graph.core.identity import Link, Name, PeerKey, ServiceKey
from graph.core.outcomes import Outcome

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Table(Generic[Key]):
    """Everything of one kind, each once, in the order it was first met."""

    def __init__(self, row: Callable[[Key], Sequence[int | str]]) -> None:
        self.rows: list[Sequence[int | str]] = []
        self._row = row
        self._places: dict[Key, int] = {}

    def place(self, key: Key) -> int:
        """Return where the key stands, which it does from now on."""
        place = self._places.get(key)
        if place is None:
            row = self._row(key)
            place = self._places[key] = len(self.rows)
            self.rows.append(row)
        return place

    def places(self, keys: Iterable[Key]) -> list[int]:
        return [self.place(key) for key in keys]


class Book:
    """The tables of what is written; each refers to those above it."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self.pairs: Table[tuple[str, str]] = Table(self._spelt)
        self.names: Table[Name] = Table(lambda name: self._spelt((name.app, name.version)))
        self.outcomes: Table[Outcome] = Table(self._spelt)
        self.peers: Table[PeerKey] = Table(self._spelt)
        self.services: Table[ServiceKey] = Table(self._spelt)
        self.links: Table[Link] = Table(self._link)
        self.tellers: Table[Teller] = Table(
            lambda teller: (self.links.place(teller[0]), self.text(teller[1]))
        )

    def text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def _spelt(self, texts: Iterable[str]) -> list[int]:
        return [self.text(text) for text in texts]

    def _link(self, link: Link) -> Sequence[int]:
        return (
            self.peers.place(link.source),
            self.peers.place(link.target),
            self.services.place(link.service),
            self.text(link.protocol),
            self.text(link.operation),
        )

    def tables(self) -> dict[str, Any]:
        return {
            "texts": list(self._texts),
            "pairs": self.pairs.rows,
            "names": self.names.rows,
            "outcomes": self.outcomes.rows,
            "peers": self.peers.rows,
            "services": self.services.rows,
            "links": self.links.rows,
            "tellers": self.tellers.rows,
        }


class Pages:
    """The tables of what is read, as the things that were written."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.texts: list[str] = tables["texts"]
        if not all(type(text) is str for text in self.texts):
            raise TypeError("a name is no text")
        self.pairs = self._spelt(tables["pairs"], lambda left, right: (left, right))
        self.names = self._spelt(tables["names"], Name)
        self.outcomes = self._spelt(tables["outcomes"], Outcome)
        self.peers = self._spelt(tables["peers"], PeerKey)
        self.services = self._spelt(tables["services"], ServiceKey)
        self.links = [self._link(*row) for row in tables["links"]]
        self.tellers: list[Teller] = [
            (self.links[link], cast("Reporter", self.texts[reporter]))
            for link, reporter in tables["tellers"]
        ]

    def _spelt(self, rows: Iterable[Iterable[int]], make: Callable[..., Made]) -> list[Made]:
        texts = self.texts
        return [make(*[texts[place] for place in row]) for row in rows]

    def _link(self, source: int, target: int, service: int, protocol: int, operation: int) -> Link:
        return Link(
            self.peers[source],
            self.peers[target],
            self.services[service],
            cast("Any", self.texts[protocol]),
            self.texts[operation],
        )
