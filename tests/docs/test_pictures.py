"""The pictures of the papers: each is shown somewhere, and they stay small."""

import re
import struct
import zlib
from itertools import chain, product

import pytest

from pictures.png import smaller
from pictures.scenes import SCENES
from tests.docs.papers import ROOT, pages
from tests.e2e.walks import WALKS

IMAGES = ROOT / "docs" / "images"
FILES = sorted(IMAGES.rglob("*.png"))
MOST_BYTES = 3_000_000
SIZE = (1440, 900)


def test_pictures_are_those_that_can_be_taken_anew():
    taken = {*SCENES, *(f"tour/{click.picture}" for walk in WALKS for click in walk.clicks)}

    assert {str(file.relative_to(IMAGES).with_suffix("")) for file in FILES} == taken


def test_every_picture_is_shown_and_described_on_a_page():
    shown = {
        (page.parent / link).resolve()
        for page in pages()
        for link in re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", page.read_text())
    }

    assert shown == set(FILES)


def test_all_pictures_together_are_quickly_cloned():
    assert sum(file.stat().st_size for file in FILES) < MOST_BYTES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_pictures_have_the_size_of_one_screen(file):
    assert struct.unpack_from(">II", file.read_bytes(), 16) == SIZE


def test_few_colours_are_kept_exactly():
    colours = [(0, 0, 0), (12, 16, 23), (13, 16, 23), (255, 255, 255)]
    rows = [[colours[(x * y) % 4] for x in range(7)] for y in range(10)]

    assert drawn(smaller(png(rows))) == rows


def test_of_many_colours_the_frequent_ones_are_exact_and_the_rest_is_near():
    many = list(product(range(0, 256, 24), repeat=3))
    rows = [[(1, 2, 3)] * len(many), many]
    background, ramp = drawn(smaller(png(rows)))

    assert background == rows[0]
    assert len(set(ramp)) <= 256
    channels = zip(chain(*ramp), chain(*many), strict=True)
    assert max(abs(got - meant) for got, meant in channels) <= 48


Row = list[tuple[int, int, int]]


def png(rows: list[Row]) -> bytes:
    """Return a picture whose rows are written in all five ways that there are."""
    width = 3 * len(rows[0])
    above = bytes(width)
    packed = b""
    for number, row in enumerate(rows):
        plain = bytes(value for colour in row for value in colour)
        packed += filtered(number % 5, plain, above)
        above = plain
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(packed)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def filtered(kind: int, row: bytes, above: bytes) -> bytes:
    """Write a row as the PNG specification has it (section 9)."""
    left, corner = bytes(3) + row[:-3], bytes(3) + above[:-3]
    around = list(zip(left, above, corner, strict=True))
    guess = [
        lambda a, b, c: 0,
        lambda a, b, c: a,
        lambda a, b, c: b,
        lambda a, b, c: (a + b) // 2,
        lambda a, b, c: min((a, b, c), key=lambda value: abs(a + b - c - value)),
    ][kind]
    guesses = (guess(*each) for each in around)
    return bytes([kind]) + bytes((v - g) & 0xFF for v, g in zip(row, guesses, strict=True))


def drawn(picture: bytes) -> list[Row]:
    """Return the colours of a picture with a palette, whose rows are written plainly."""
    chunks = {}
    at = 8
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        chunks[picture[at + 4 : at + 8]] = picture[at + 8 : at + 8 + length]
        at += length + 12
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    palette = [tuple(chunks[b"PLTE"][i : i + 3]) for i in range(0, len(chunks[b"PLTE"]), 3)]
    indices = zlib.decompress(chunks[b"IDAT"])
    lines = [indices[y * (width + 1) :][: width + 1] for y in range(height)]
    assert all(line[0] == 0 for line in lines)
    return [[palette[i] for i in line[1:]] for line in lines]  # type: ignore[misc]
