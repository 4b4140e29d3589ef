"""Can it be asked at all: reachability, authentication, version."""

import re

from graph.core.wire import SourceFacts
from graph.doctor.finding import Finding, amber, green, red, seconds
from graph.sources import Denied, SourceError
from graph.sources.access import NOT_VERIFIED

# A tick asks a dozen questions; a server that needs this long for the smallest is in trouble.
_SLOW_S = 1.0
# The oldest that meshviz is tested with; older ones lack target intervals in their API.
_OLDEST = (2, 42)


def judge_reachability(answer: float | SourceError, url: str) -> Finding:
    """Judge how long the smallest question took, or how it failed."""
    if isinstance(answer, Denied):
        return green(f"{url} answers.")
    if isinstance(answer, SourceError):
        return red(answer.detail, answer.advice)
    if answer > _SLOW_S:
        return amber(
            f"{url} answers, but needs {seconds(answer)} for the smallest query.",
            "Look at its CPU, at who else asks it, and at the network in between.",
        )
    return green(f"{url} answers, in {seconds(answer)}.")


def judge_authentication(answer: float | SourceError, facts: SourceFacts) -> Finding:
    """Judge whether it lets us in, and whether the way there is safe."""
    if isinstance(answer, Denied):
        return red(answer.detail, answer.advice)
    # What else is warned of belongs to other lines.
    if NOT_VERIFIED in facts["warnings"]:
        return amber(
            f"Queries are allowed. {NOT_VERIFIED}", "See docs/configuration.md for better ways."
        )
    return green("Queries are allowed.")


def judge_version(facts: SourceFacts) -> Finding:
    """Judge who answers, as far as it tells."""
    flavor, version = facts["flavor"] or "Prometheus", facts["version"]
    if not version:  # builds of one's own have an empty one
        who = facts["flavor"] or "The server"
        return amber(
            f"{who} does not tell its version.",
            "Nothing, if the other lines are good: some servers have no build information.",
        )
    number = _number(version)
    if flavor == "Prometheus" and number is not None and number < _OLDEST:
        return amber(
            f"Prometheus {version} is older than {_OLDEST[0]}.{_OLDEST[1]}, the oldest that "
            "meshviz is tested with.",
            "Update Prometheus, or compare some numbers before you rely on them.",
        )
    return green(f"{flavor} {version}.")


def _number(version: str) -> tuple[int, int] | None:
    match = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else None
