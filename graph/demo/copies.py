"""Many of the same in a topology file: an entry with ``copies: N`` stands for N of them.

Every "#" in the entry's name and texts becomes the copy's number: ``caller-#`` with 20 copies is
caller-01 to caller-20.
"""

from typing import cast

MOST = 2000
_MARK = "#"


def spread(document: object) -> object:
    """Return the parsed document with every entry that has copies written out."""
    if not isinstance(document, dict):
        return document
    return {key: _entries(value) for key, value in document.items()}


def _entries(value: object) -> object:
    if isinstance(value, list):
        return [copy for item in value for copy in _copies(item)]
    if isinstance(value, dict):
        # The name travels with its entry, so that both get the same number.
        pairs = [_copies({"name": key, "entry": entry}) for key, entry in value.items()]
        spread_out = [cast("dict[str, object]", pair) for copies in pairs for pair in copies]
        return {pair["name"]: pair["entry"] for pair in spread_out}
    return value


def _copies(item: object) -> list[object]:
    entry = item.get("entry", item) if isinstance(item, dict) else None
    count = entry.get("copies") if isinstance(entry, dict) else None
    # Anything else stays, and is refused with its place when it is read.
    if not isinstance(entry, dict) or not isinstance(count, int) or not 1 <= count <= MOST:
        return [item]
    width = len(str(count))
    single = {key: value for key, value in entry.items() if key != "copies"}
    if isinstance(item, dict) and "entry" in item:
        single = {**item, "entry": single}
    return [_numbered(single, f"{number:0{width}}") for number in range(1, count + 1)]


def _numbered(value: object, number: str) -> object:
    if isinstance(value, str):
        return value.replace(_MARK, number)
    if isinstance(value, list):
        return [_numbered(item, number) for item in value]
    if isinstance(value, dict):
        return {_numbered(k, number): _numbered(v, number) for k, v in value.items()}
    return value
