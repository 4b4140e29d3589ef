"""Healthy, degraded or failing: who tolerates which share of bad outcomes, and how long an answer.

A rule says for whom it is meant (namespace, kind, name) and what is tolerated; the first rule that
fits a subject is the only one used. Rules of an operator (`healthfile`) come first, the default
last. Its limits are Kiali's, so that both tools call the same service sick: any server error, any
failed gRPC status and any request without a response degrade, 10 % fail; 10 % client errors
degrade, 20 % fail. TCP says nothing about success, so its health is unknown unless a rule judges
Envoy's flags.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from graph.core import outcomes
from graph.core.outcomes import Outcome
from graph.core.wire import Health, Latency, NodeKind, Protocol

Direction = Literal["inbound", "outbound"]
Quantile = Literal["avg", "p50", "p90", "p95", "p99"]

# To get better again a share must fall this far below its limit: values on the line would
# otherwise flip the colour at every tick.
_RECOVERY = 0.85
# What adding the same rates in another order may change; no share is judged closer than that.
_ROUNDING = 1e-9
# Names come and go for as long as the process lives; beyond this many the memory starts anew.
_SUBJECTS_KEPT = 50_000

_RANK: Mapping[Health, int] = {"unknown": 0, "idle": 1, "healthy": 2, "degraded": 3, "failing": 4}


class Subject(NamedTuple):
    """Whose health is judged: what patterns of the rules are compared with."""

    namespace: str
    kind: NodeKind
    name: str


class Tolerance(NamedTuple):
    """The shares of one kind of bad outcome that degrade and that fail, as ratios.

    ``code``, ``protocol`` and ``direction`` are regular expressions for the whole text; an ``X`` in
    ``code`` stands for any digit.
    """

    code: str
    protocol: str
    direction: str
    degraded: float
    failing: float


@dataclass(frozen=True, slots=True)
class LatencyLimit:
    """The response times that degrade and that fail."""

    quantile: Quantile
    direction: str
    degraded_ms: float
    failing_ms: float


# A gRPC call that ended with an HTTP status is judged by that as well as by its gRPC status.
DEFAULT_TOLERANCES = (
    Tolerance("5XX", "http|grpc", "inbound", 0.0, 0.10),
    Tolerance("4XX", "http|grpc", "inbound", 0.10, 0.20),
    Tolerance("[1-9]|1[0-6]", "grpc", "inbound", 0.0, 0.10),
    Tolerance("-", "http|grpc", "inbound", 0.0, 0.10),
)


@dataclass(frozen=True, slots=True)
class HealthRule:
    """What is tolerated of the subjects that all three regular expressions fit."""

    namespace: str = ".*"
    kind: str = ".*"
    name: str = ".*"
    tolerances: tuple[Tolerance, ...] = DEFAULT_TOLERANCES
    latency: tuple[LatencyLimit, ...] = ()

    def fits(self, subject: Subject) -> bool:
        """Tell whether the rule is meant for the subject."""
        return (
            fits(self.namespace, subject.namespace)
            and fits(self.kind, subject.kind)
            and fits(self.name, subject.name)
        )


_DEFAULT_RULE = HealthRule()


@dataclass(frozen=True, slots=True)
class HealthRules:
    """Which share of which outcomes makes whom degraded or failing."""

    # An operator's, in order; the default rule follows by itself.
    rules: tuple[HealthRule, ...] = ()
    # The rule of every subject seen so far: each edge and node asks on every tick.
    _found: dict[Subject, HealthRule] = field(default_factory=dict, compare=False, repr=False)

    def judge(
        self,
        subject: Subject,
        direction: Direction,
        protocol: Protocol,
        by_outcome: Mapping[Outcome, float],
        before: Health | None,
    ) -> Health:
        """Return the health that these outcomes (rates per second) mean for the subject.

        ``idle`` without requests, ``unknown`` when its rule does not speak of the protocol in this
        direction; ``before`` is what was last shown, for hysteresis.
        """
        tolerances = _fitting(self._rule(subject).tolerances, protocol, direction)
        if not tolerances:
            return "unknown"
        total = outcomes.total(by_outcome)
        if total <= 0:
            return "idle"
        coded = [(judged_codes(o, protocol), rate) for o, rate in by_outcome.items() if rate > 0]
        return worst(*[_grade_share(coded, total, each, before) for each in tolerances])

    def judge_latency(
        self, subject: Subject, direction: Direction, latency_ms: Latency, before: Health | None
    ) -> Health:
        """Return the health these response times mean; unknown without limit or measurement."""
        rule = self._rule(subject)
        grades: list[Health] = []
        for limit in rule.latency:
            value = latency_ms[limit.quantile]
            if value is not None and _fits_word(limit.direction, direction):
                grades.append(_grade(value, limit.degraded_ms, limit.failing_ms, before))
        return worst(*grades)

    def _rule(self, subject: Subject) -> HealthRule:
        rule = self._found.get(subject)
        if rule is None:
            if len(self._found) >= _SUBJECTS_KEPT:
                self._found.clear()
            rule = next((rule for rule in self.rules if rule.fits(subject)), _DEFAULT_RULE)
            self._found[subject] = rule
        return rule


DEFAULT_RULES = HealthRules()


@lru_cache(maxsize=1024)
def _fitting(
    tolerances: tuple[Tolerance, ...], protocol: Protocol, direction: Direction
) -> tuple[Tolerance, ...]:
    """Return those that speak of the protocol in this direction."""
    return tuple(
        tolerance
        for tolerance in tolerances
        if _fits_word(tolerance.protocol, protocol) and _fits_word(tolerance.direction, direction)
    )


def fits(pattern: str, text: str) -> bool:
    """Tell whether the regular expression fits the whole text, line breaks included."""
    return re.compile(pattern, re.DOTALL).fullmatch(text) is not None


def code_pattern(code: str) -> str:
    """Return the regular expression behind a code pattern: X is any digit.

    It also fits the x of a mesh whose own classification writes "5xx" for the code.
    """
    return code.replace("X", "[0-9xX]")


# Codes, flags, protocols and directions are few, unlike names.
_fits_word = lru_cache(maxsize=1024)(fits)


@lru_cache(maxsize=4096)
def _is_meant(pattern: str, codes: tuple[str, ...]) -> bool:
    return any(fits(code_pattern(pattern), code) for code in codes)


@lru_cache(maxsize=4096)
def judged_codes(outcome: Outcome, protocol: Protocol) -> tuple[str, ...]:
    """Return what code patterns are compared with: the code that is shown, "-" for no response.

    A gRPC call that ended with an HTTP status failed by its gRPC status too: it counts as an error,
    so it must not pass for the few bad requests that HTTP may have. TCP has no codes; there it is
    each of Envoy's flags.
    """
    if protocol == "tcp":
        return tuple(outcome.flags.split(",")) if outcome.flags else ()
    code = outcomes.shown_code(outcome, protocol)
    if code == outcomes.NO_RESPONSE and not (protocol == "grpc" and outcome.grpc_status):
        return ("-",)
    if protocol == "grpc" and outcome.grpc_status not in ("", code):
        return code, outcome.grpc_status
    return (code,)


def _grade_share(
    coded: list[tuple[tuple[str, ...], float]],
    total: float,
    tolerance: Tolerance,
    before: Health | None,
) -> Health:
    bad = sum([rate for codes, rate in coded if _is_meant(tolerance.code, codes)])
    return _grade(bad / total, tolerance.degraded, tolerance.failing, before)


def _grade(value: float, degraded: float, failing: float, before: Health | None) -> Health:
    """Return the grade of a share or a time; nothing bad at all is healthy whatever the limits."""
    if value <= 0:
        return "healthy"
    reached = value + _ROUNDING
    if reached >= failing * (_RECOVERY if before == "failing" else 1.0):
        return "failing"
    if reached >= degraded * (_RECOVERY if before in ("failing", "degraded") else 1.0):
        return "degraded"
    return "healthy"


def worst(*healths: Health) -> Health:
    """Return the worst of several healths; unknown when there are none."""
    return max(healths, key=_RANK.__getitem__, default="unknown")


class Success(NamedTuple):
    """Requests per second and the shares of them that went wrong."""

    rps: float
    error_ratio: float | None
    client_error_ratio: float | None


def success(by_outcome: Mapping[Outcome, float], protocol: Protocol) -> Success:
    """Return the rates behind the outcomes; ratios are None without requests."""
    rps = outcomes.total(by_outcome)
    if rps <= 0:
        return Success(0.0, None, None)
    errors = blamed = 0.0
    for outcome, rate in by_outcome.items():
        if outcomes.is_error(outcome, protocol):
            errors += rate
        if outcomes.is_client_error(outcome, protocol):
            blamed += rate
    return Success(rps, errors / rps, blamed / rps)
