"""PNG files made small: 256 colours, of which the frequent ones are exact.

A page has few colours but for the edges of letters and lines. Its frequent ones, the shades of
backgrounds among them, stay as they are, so that no gradient falls into bands; each of the rest
becomes its nearest neighbour, and none is further off than need be.
"""

import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

Colour = bytes
Cube = tuple[int, int, int]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST = 256
_EXACT = 128
_BYTES = 3
# The header's words for eight bits a channel, for red, green and blue, and for a palette.
_BITS, _RGB, _PALETTE = 8, 2, 3


class PngError(ValueError):
    """This is not a PNG as browsers write them."""


def smaller(png: bytes) -> bytes:
    """Return the picture with a palette of its own."""
    chunks = list(_chunks(png))
    width, height, bits, kind = struct.unpack_from(">IIBB", dict(chunks)[b"IHDR"])
    if (bits, kind) != (_BITS, _RGB):
        raise PngError(f"{bits} bits of kind {kind}, 8 bits of red, green and blue needed")
    packed = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_unfiltered(packed, width * _BYTES))
    palette, nearest = _palette(Counter(colour for row in rows for colour in _colours(row)))
    indices = b"".join(b"\0" + bytes(nearest[colour] for colour in _colours(row)) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, _BITS, _PALETTE, 0, 0, 0)
    return _SIGNATURE + b"".join(
        _chunk(name, body)
        for name, body in (
            (b"IHDR", header),
            (b"PLTE", b"".join(palette)),
            (b"IDAT", zlib.compress(indices, 9)),
            (b"IEND", b""),
        )
    )


def _palette(counted: Counter[Colour]) -> tuple[list[Colour], dict[Colour, int]]:
    """Return at most 256 colours, and for each colour the place of the one that stands for it."""
    found = None
    off = 0
    while found is None:
        off += 1
        found = _covered([colour for colour, _ in counted.most_common()], off)
    return found


def _covered(colours: Iterable[Colour], off: int) -> tuple[list[Colour], dict[Colour, int]] | None:
    """Choose colours so that none is further than ``off`` from a chosen one; None for too many."""
    chosen: list[Colour] = []
    places: dict[Colour, int] = {}
    # Which are chosen in each cube of that size: only those of the cubes around can be near.
    cubes: defaultdict[Cube, list[int]] = defaultdict(list)
    for colour in colours:
        cube = (colour[0] // off, colour[1] // off, colour[2] // off)
        around = (place for near in _around(cube) for place in cubes.get(near, ()))
        place = None if len(chosen) < _EXACT else _nearest(chosen, around, colour, off)
        if place is None:
            if len(chosen) == _MOST:
                return None
            place = len(chosen)
            chosen.append(colour)
            cubes[cube].append(place)
        places[colour] = place
    return chosen, places


def _around(cube: Cube) -> Iterator[Cube]:
    red, green, blue = cube
    return ((red + i, green + j, blue + k) for i, j, k in product((-1, 0, 1), repeat=3))


def _nearest(chosen: list[Colour], places: Iterable[int], colour: Colour, off: int) -> int | None:
    distances = [
        (max(abs(a - b) for a, b in zip(chosen[place], colour, strict=True)), place)
        for place in places
    ]
    distance, place = min(distances, default=(off + 1, 0))
    return place if distance <= off else None


def _unfiltered(packed: bytes, width: int) -> Iterator[bytes]:
    """Yield the rows of pixels: each was written as what differs from its neighbours."""
    above = bytearray(width)
    for start in range(0, len(packed), width + 1):
        row = bytearray(packed[start + 1 : start + 1 + width])
        _undo(packed[start], row, above)
        yield bytes(row)
        above = row


def _undo(kind: int, row: bytearray, above: bytearray) -> None:
    if kind == 0:
        return
    for i in range(len(row)):
        left, corner = (row[i - _BYTES], above[i - _BYTES]) if i >= _BYTES else (0, 0)
        match kind:
            case 1:
                guess = left
            case 2:
                guess = above[i]
            case 3:
                guess = (left + above[i]) // 2
            case _:
                guess = _paeth(left, above[i], corner)
        row[i] = (row[i] + guess) & 0xFF


def _paeth(left: int, above: int, corner: int) -> int:
    """Return whichever neighbour is nearest to left + above - corner."""
    a, b, c = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
    if a <= b and a <= c:
        return left
    return above if b <= c else corner


def _colours(row: bytes) -> Iterator[Colour]:
    return (row[i : i + _BYTES] for i in range(0, len(row), _BYTES))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGNATURE):
        raise PngError("no PNG at all")
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
