"""Tables of a save: every name once."""

import pytest

from graph.core.identity import PeerKey
from graph.core.tables import Book, Pages


def test_what_is_looked_up_again_stands_where_it_stood() -> None:
    book = Book()

    assert book.pairs.places([("a", "b"), ("b", "a"), ("a", "b")]) == [0, 1, 0]
    assert book.tables()["pairs"] == [[0, 1], [1, 0]]
    assert book.tables()["texts"] == ["a", "b"]


def test_what_was_written_is_read() -> None:
    book = Book()
    peer = PeerKey(*(f"{name}!" for name in PeerKey._fields))
    book.peers.place(peer)

    assert Pages(book.tables()).peers == [peer]


@pytest.mark.parametrize("texts", [["a", 1], [None], [["a"]]])
def test_names_that_are_no_texts_are_refused(texts: list[object]) -> None:
    with pytest.raises(TypeError, match="a name is no text"):
        Pages({**Book().tables(), "texts": texts})
