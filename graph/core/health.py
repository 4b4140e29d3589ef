"""Healthy, degraded or failing: thresholds on the share of bad outcomes.

Defaults are Kiali's, so that both tools call the same service sick: any server error degrades, 10 %
fails; 10 % client errors degrade, 20 % fail. TCP says nothing about success, so its health is
unknown unless it carries requests too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from graph.core import outcomes
from graph.core.outcomes import Outcome
from graph.core.wire import Health, NodeKind, Protocol


@dataclass(frozen=True, slots=True)
class Threshold:
    """Degraded above the first share of bad outcomes, failing from the second on."""

    degraded: float
    failing: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits for errors and for client errors, as ratios."""

    errors: Threshold = Threshold(0.0, 0.10)
    client_errors: Threshold = Threshold(0.10, 0.20)


DEFAULT_THRESHOLDS = Thresholds()

# To get better again a ratio must fall this far below its threshold: values on the line would
# otherwise flip the colour at every tick.
_RECOVERY = 0.85

_RANK: Mapping[Health, int] = {"unknown": 0, "idle": 1, "healthy": 2, "degraded": 3, "failing": 4}


@dataclass(frozen=True, slots=True)
class Success:
    """Requests per second and the shares of them that went wrong."""

    rps: float
    error_ratio: float | None
    client_error_ratio: float | None


def success(by_outcome: Mapping[Outcome, float], protocol: Protocol) -> Success:
    """Return the rates behind the outcomes; ratios are None without requests."""
    rps = outcomes.total(by_outcome)
    if rps <= 0:
        return Success(0.0, None, None)
    errors = sum(rate for o, rate in by_outcome.items() if outcomes.is_error(o, protocol))
    blamed = sum(rate for o, rate in by_outcome.items() if outcomes.is_client_error(o, protocol))
    return Success(rps, errors / rps, blamed / rps)


def worst(*healths: Health) -> Health:
    """Return the worst of several healths; unknown when there are none."""
    return max(healths, key=_RANK.__getitem__, default="unknown")


def judge(
    rates: Success, before: Health | None = None, limits: Thresholds = DEFAULT_THRESHOLDS
) -> Health:
    """Return the health of requests; ``before`` is what was last shown, for hysteresis."""
    if rates.error_ratio is None or rates.client_error_ratio is None:
        return "idle"
    return worst(
        _grade(rates.error_ratio, limits.errors, before),
        _grade(rates.client_error_ratio, limits.client_errors, before),
    )


Direction = Literal["inbound", "outbound"]


class Subject(NamedTuple):
    """Whose health is judged: what patterns of the rules are compared with."""

    namespace: str
    kind: NodeKind
    name: str


@dataclass(frozen=True, slots=True)
class HealthRules:
    """Which share of which outcomes makes whom degraded or failing."""

    def judge(
        self,
        subject: Subject,
        direction: Direction,
        protocol: Protocol,
        by_outcome: Mapping[Outcome, float],
        before: Health | None,
    ) -> Health:
        """Return the health that these outcomes (rates per second) mean for the subject.

        ``idle`` without requests, ``unknown`` when no rule speaks of the protocol; ``before`` is
        what was last shown, for hysteresis.
        """
        if protocol == "tcp":
            return "unknown"
        return judge(success(by_outcome, protocol), before)


DEFAULT_RULES = HealthRules()


def _grade(ratio: float, limit: Threshold, before: Health | None) -> Health:
    failing = limit.failing * (_RECOVERY if before == "failing" else 1.0)
    degraded = limit.degraded * (_RECOVERY if before in ("failing", "degraded") else 1.0)
    if ratio >= failing:
        return "failing"
    return "degraded" if ratio > degraded else "healthy"
