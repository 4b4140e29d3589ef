"""What a client wants to save, read strictly."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from graph.live.parameters import BadParameter
from graph.saved.draft import MOST_NAME, MOST_PLACES_BYTES, MOST_QUERY, Draft

# Besides places: a name and a query, each letter of them escaped.
MOST_BODY_BYTES = MOST_PLACES_BYTES + 32 * 1024

# Controls, halves of characters, ends of lines: nothing that a name is written with.
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})


def draft_of(body: object, *, is_new: bool) -> Draft:
    """Return what the body asks to write; raise BadParameter. A new view needs a name."""
    if not isinstance(body, dict):
        raise BadParameter("body", "not a JSON object", '{"name": "...", "query": "?..."}')
    for name in body:
        if name not in _READERS:
            raise BadParameter(name[:63], "no such field", ", ".join(_READERS))
    if is_new and "name" not in body:
        raise BadParameter("name", "it is needed", _NAME_FORM)
    draft: Draft = {}
    for field, read in _READERS.items():
        if field in body:
            draft[field] = read(body[field])  # type: ignore[literal-required]  # by name
    return draft


_NAME_FORM = f"a text of 1 to {MOST_NAME} characters on one line"
_QUERY_FORM = f'the query of a page\'s address, "" or "?...", at most {MOST_QUERY} characters'
_PLACES_FORM = f"null or a JSON object of at most {MOST_PLACES_BYTES // 1024} kB"


def _name(value: object) -> str:
    name = value.strip() if isinstance(value, str) else ""
    if not 0 < len(name) <= MOST_NAME:
        raise BadParameter("name", "no name, or one that is too long", _NAME_FORM)
    if any(unicodedata.category(letter) in _UNFIT for letter in name):
        raise BadParameter("name", "a control character in it", _NAME_FORM)
    return name


def _query(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_QUERY:
        raise BadParameter("query", "not a text, or one that is too long", _QUERY_FORM)
    # As browsers write it. What does not begin so could lead to another page.
    if value and (value[0] != "?" or "#" in value or not (value.isascii() and value.isprintable())):
        raise BadParameter("query", "not the query of a page's address", _QUERY_FORM)
    return value


def _places(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, dict):
        raise BadParameter("places", "not a JSON object", _PLACES_FORM)
    try:
        text = orjson.dumps(value)
    except TypeError:  # it reads deeper nesting than it writes
        raise BadParameter("places", "nested too deeply", _PLACES_FORM) from None
    if len(text) > MOST_PLACES_BYTES:
        raise BadParameter("places", "too large", _PLACES_FORM)
    return text.decode()


def _shared(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadParameter("shared", "neither true nor false", "true, false")
    return value


_READERS: Mapping[str, Callable[[object], Any]] = {
    "name": _name,
    "query": _query,
    "places": _places,
    "shared": _shared,
}
