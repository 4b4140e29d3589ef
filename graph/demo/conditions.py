"""What holds at one moment: the topology's numbers with the effects of a scenario on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.demo.outcomes import Outcome, normal, parse_outcome
from graph.demo.plan import Floats, Ints, Plan
from graph.demo.topology import Call

# Ways a call can end besides the normal one; a scenario that wants more is a mistake.
MAX_OUTCOMES = 8


class EffectError(ValueError):
    """A scenario asks for something that this mesh does not have."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The workload itself takes this much longer for every request."""

    workload: str
    added_ms: float


@dataclass(frozen=True, slots=True)
class Delay:
    """Istio's fault injection: callers' proxies hold a share of requests back (flag DI)."""

    service: str
    share: float
    added_ms: float


@dataclass(frozen=True, slots=True)
class Fail:
    """Calls to the service end like this instead of as the topology says, by share."""

    service: str
    outcomes: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The service's requests go to its workloads in these proportions."""

    service: str
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Plaintext:
    """A share of the caller's connections to the service carries no certificate."""

    source: str
    service: str
    share: float


@dataclass(frozen=True, slots=True)
class Load:
    """The workload makes this many times the requests of its own accord."""

    source: str
    factor: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Only this many of the workload's pods exist; its topology says how many there can be."""

    workload: str
    pods: int


Effect = Slow | Delay | Fail | Split | Plaintext | Load | Scale


@dataclass(frozen=True, slots=True)
class Conditions:
    """Numbers that may change during a run, indexed as in Plan."""

    # Per second, by call; 0 for calls that only follow requests.
    rps: Floats
    per_request: Floats
    # Padded tables: the workloads behind a service and the running sum of their shares ...
    split_workload: Ints
    split_until: Floats
    # ... and a call's outcomes and the running sum of theirs. The first is the normal one.
    outcome: Ints
    outcome_until: Floats
    plaintext: Floats
    delay_ms: Floats
    slow_ms: Floats
    # Pods that serve, by workload; 0 when it is scaled to nothing.
    pods: Ints


def usual(plan: Plan, load: float = 1.0) -> Conditions:
    """Return the conditions of a quiet day, with every request rate times ``load``."""
    calls = plan.calls
    splits = [
        [(plan.workload_index[key], share) for key, share in service.split]
        for service in plan.topology.services
    ]
    split_workload, split_until = _padded(splits, width=max(map(len, splits)))
    outcome, outcome_until = _padded(
        [_mix(plan, call, call.errors) for call in calls], width=MAX_OUTCOMES
    )
    return Conditions(
        rps=np.array([(call.rps or 0.0) * load for call in calls]),
        per_request=np.array([call.per_request or 0.0 for call in calls]),
        split_workload=split_workload,
        split_until=split_until,
        outcome=outcome,
        outcome_until=outcome_until,
        plaintext=np.zeros(len(calls)),
        delay_ms=np.zeros(len(calls)),
        slow_ms=np.zeros(len(plan.workloads)),
        pods=plan.pods,
    )


def under(plan: Plan, base: Conditions, effects: Sequence[Effect]) -> Conditions:
    """Return ``base`` with the effects applied. Raises EffectError when the mesh lacks a name."""
    if not effects:
        return base
    conditions = replace(
        base,
        rps=base.rps.copy(),
        split_workload=base.split_workload.copy(),
        split_until=base.split_until.copy(),
        outcome=base.outcome.copy(),
        outcome_until=base.outcome_until.copy(),
        plaintext=base.plaintext.copy(),
        delay_ms=base.delay_ms.copy(),
        slow_ms=base.slow_ms.copy(),
        pods=base.pods.copy(),
    )
    for effect in effects:
        try:
            _apply(plan, conditions, effect)
        except KeyError as error:
            raise EffectError(f"{effect} names {error}, which this mesh does not have") from error
    return conditions


def _apply(plan: Plan, now: Conditions, effect: Effect) -> None:
    match effect:
        case Slow(workload, added_ms):
            now.slow_ms[plan.workload_index[workload]] += added_ms
        case Delay(service, share, added_ms):
            for call in plan.calls_to(service):
                text = "0/DI" if plan.calls[call].protocol == "grpc" else "200/DI"
                _set_outcomes(plan, now, call, ((text, share),))
                now.delay_ms[call] = added_ms
        case Fail(service, outcomes):
            for call in plan.calls_to(service):
                _set_outcomes(plan, now, call, outcomes)
        case Split(service, shares):
            row = [(plan.workload_index[key], share) for key, share in shares]
            width = now.split_until.shape[1]
            index = plan.service_index[service]
            members, until = _padded([row], width)
            now.split_workload[index], now.split_until[index] = members[0], until[0]
        case Plaintext(source, service, share):
            wanted = plan.workload_index[source]
            for call in plan.calls_to(service):
                if plan.source[call] == wanted:
                    now.plaintext[call] = share
        case Load(source, factor):
            now.rps[plan.source == plan.workload_index[source]] *= factor
        case Scale(workload, pods):
            index = plan.workload_index[workload]
            if pods > plan.pods[index]:
                raise EffectError(f"{effect} asks for more pods than the topology allows")
            now.pods[index] = pods


def _set_outcomes(
    plan: Plan, now: Conditions, call: int, outcomes: Sequence[tuple[str, float]]
) -> None:
    spec = plan.calls[call]
    errors = [(parse_outcome(spec.protocol, text), share) for text, share in outcomes]
    outcome, until = _padded([_mix(plan, spec, errors)], MAX_OUTCOMES)
    now.outcome[call], now.outcome_until[call] = outcome[0], until[0]


def _mix(
    plan: Plan, call: Call, errors: Sequence[tuple[Outcome, float]]
) -> list[tuple[int, float]]:
    number: Mapping[Outcome, int] = {outcome: i for i, outcome in enumerate(plan.outcomes)}
    good = 1.0 - sum(share for _, share in errors)
    return [(number[normal(call.protocol)], good), *((number[o], share) for o, share in errors)]


def _padded(rows: Sequence[Sequence[tuple[int, float]]], width: int) -> tuple[Ints, Floats]:
    """Return members and running shares (ending in 1) as tables; padding is never chosen."""
    members = np.zeros((len(rows), width), dtype=np.int64)
    until = np.ones((len(rows), width))
    for index, row in enumerate(rows):
        members[index] = row[-1][0]
        members[index, : len(row)] = [member for member, _ in row]
        shares = np.array([share for _, share in row])
        until[index, : len(row)] = np.cumsum(shares) / shares.sum()
        until[index, len(row) - 1 :] = 1.0
    return members, until
