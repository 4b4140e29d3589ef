"""Figures: what was measured, against what, and what it may be."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One ratio. ``budget`` is the largest it may be, None where there is none."""

    what: str
    measured: str
    against: str
    ratio: float
    budget: float | None = None

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        return "ok" if self.ratio <= self.budget else "over"

    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        budget = "" if self.budget is None else f"<= {self.budget:g}"
        return self.what, self.measured, self.against, f"{self.ratio:.2f}", budget, self.verdict


HEADINGS = ("Figure", "Measured", "Against", "Ratio", "Budget", "")


def as_table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table that also reads well in a terminal."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(row, widths) for row in (rows[0], rule, *rows[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
