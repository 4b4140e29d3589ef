"""One line of the diagnosis, before it is told on the wire."""

from dataclasses import dataclass
from typing import Literal

Colour = Literal["green", "amber", "red"]

_RANK: dict[Colour, int] = {"green": 0, "amber": 1, "red": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, with numbers, and what to do about it ("" when nothing)."""

    state: Colour
    detail: str
    advice: str = ""


def green(detail: str) -> Finding:
    """Return a good finding."""
    return Finding("green", detail)


def amber(detail: str, advice: str) -> Finding:
    """Return a finding that works today but lies in wait."""
    return Finding("amber", detail, advice)


def red(detail: str, advice: str) -> Finding:
    """Return a finding that makes the graph wrong or impossible."""
    return Finding("red", detail, advice)


def together(findings: list[Finding]) -> Finding:
    """Return several findings as one: the worst colour, its words first."""
    ordered = sorted(findings, key=lambda finding: -_RANK[finding.state])
    return Finding(
        ordered[0].state,
        " ".join(finding.detail for finding in ordered if finding.detail),
        " ".join(dict.fromkeys(finding.advice for finding in ordered if finding.advice)),
    )


def share(part: float, whole: float) -> str:
    """Return "3 of 4 (75 %)"."""
    if not whole:
        return f"{part:,.0f} of 0"
    # Rounded down, so that 100 % means all of them.
    return f"{part:,.0f} of {whole:,.0f} ({int(100 * part / whole)} %)"


def several(names: list[str], most: int = 5) -> str:
    """Return the first few names, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def seconds(value: float) -> str:
    """Return a duration in the unit that people would choose."""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.3g} s" if value < 600 else f"{value / 60:.0f} min"
