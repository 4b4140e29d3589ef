"""What is told of the source to somebody who may see a part of the mesh.

Sentences about the source are made for its operator: warnings name jobs, which the Prometheus
operator names by namespaces, and an error quotes what Prometheus said, labels included. Who may not
know all names is told what happened, in words that hold none.
"""

from collections.abc import Iterator, Mapping, Sequence

from graph.core.permit import Permit
from graph.core.verdict import NAMELESS, STALE_SLOW
from graph.core.wire import SourceFacts, SourceReason, SourceStatus

HINT = (
    "Prometheus warns of something that may be about other namespaces; whoever sees the whole mesh "
    "is told what."
)
_ADVICE = "Ask whoever runs meshviz: the reason is told to those who see the whole mesh."
# Reasons whose details are not of our own making, or name jobs.
_PLAIN: Mapping[SourceReason, str] = {
    "unreachable": "Prometheus cannot be reached.",
    "timeout": "Prometheus did not answer in time.",
    "rejected": "Prometheus refused the question.",
    "garbled": "What answered is not Prometheus.",
    "window_too_short": "This window holds fewer than two scrapes.",
}


def status_for(permit: Permit, status: SourceStatus) -> SourceStatus:
    """Return the status as somebody with this permit may know it."""
    if not permit:
        return status
    told: SourceStatus = {**status, "warnings": warnings_for(permit, status["warnings"])}
    reason = status["reason"]
    if reason is not None and reason in _PLAIN:
        told = {**told, "detail": _PLAIN[reason], "advice": _ADVICE}
    return told


def facts_for(permit: Permit, facts: SourceFacts) -> SourceFacts:
    """Return the facts likewise: without an address, and without warnings."""
    return {**facts, "url": "", "warnings": []} if permit else facts


def warnings_for(permit: Permit, warnings: Sequence[str]) -> list[str]:
    """Return the warnings that name nobody, and that there are others if there are."""
    if not permit:
        return list(warnings)
    told = list(dict.fromkeys(_nameless(warnings)))
    return told if len(told) == len(set(warnings)) else [*told, HINT]


def _nameless(warnings: Sequence[str]) -> Iterator[str]:
    for text in warnings:
        if text.startswith(STALE_SLOW):
            yield f"{STALE_SLOW}."
        elif text.startswith(NAMELESS):
            yield text
