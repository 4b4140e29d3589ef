"""One step of traffic: which requests happen, where they go, how they end, how long they take.

1. Roots make requests at random (Poisson); every request picks a workload and a pod.
2. A request that its server answers makes that server's own calls, and so on downwards.
3. Back upwards, a server's time is its own plus that of the calls it waited for, and the
   client's time adds the network and both proxies. A failed critical call fails its caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.demo.conditions import Conditions
from graph.demo.plan import Bools, Floats, Ints, Plan

# Deeper than any real chain; keeps a mesh with a cycle finite.
MAX_DEPTH = 16
# A sidecar's own time, at each end.
PROXY_MS = (0.5, 2.5)
SIZE_SIGMA = 0.3
# How long a pooled TCP connection lives.
CONNECTION_S = (5.0, 55.0)


@dataclass(slots=True)
class Requests:
    """Requests (or TCP exchanges) of one step; all arrays have the same length."""

    call: Ints
    source_pod: Ints
    workload: Ints
    pod: Ints
    outcome: Ints
    reached: Bools
    plaintext: Bools
    # Seconds that the TCP connection opened for this exchange lives; 0 when none was opened.
    lifetime_s: Floats
    server_ms: Floats
    client_ms: Floats
    request_bytes: Ints
    response_bytes: Ints

    def __len__(self) -> int:
        return len(self.call)

    def take(self, rows: Ints) -> "Requests":
        """Return the requests in these rows, in this order."""
        return Requests(*(getattr(self, name)[rows] for name in COLUMNS))


COLUMNS = tuple(Requests.__dataclass_fields__)


@dataclass(slots=True)
class _Wave:
    """The requests at one depth, and the request above that each belongs to."""

    requests: Requests
    parent: Ints


def simulate_step(
    plan: Plan, now: Conditions, rng: np.random.Generator, seconds: float
) -> Requests:
    """Return every request of the next ``seconds``."""
    waves = [_start(plan, now, rng, seconds)]
    while len(waves[-1].requests) and len(waves) < MAX_DEPTH:
        waves.append(_follow(plan, now, rng, waves[-1].requests))
    _settle(plan, now, rng, waves)
    return join([wave.requests for wave in waves])


def _start(plan: Plan, now: Conditions, rng: np.random.Generator, seconds: float) -> _Wave:
    counts = rng.poisson(now.rps[plan.roots] * seconds)
    call = np.repeat(plan.roots, counts)
    source_pod = _pick_pod(plan, rng, plan.source[call])
    return _Wave(_send(plan, now, rng, call, source_pod), np.zeros(len(call), dtype=np.int64))


def _follow(plan: Plan, now: Conditions, rng: np.random.Generator, above: Requests) -> _Wave:
    # A server that fails a request does so before it has called anybody.
    serving = np.flatnonzero(above.reached & ~plan.error[above.outcome])
    fan = plan.child_count[above.workload[serving]]
    parent = np.repeat(serving, fan)
    within = np.arange(len(parent)) - np.repeat(np.cumsum(fan) - fan, fan)
    call = plan.children[plan.child_start[above.workload[parent]] + within]
    mean = now.per_request[call]
    copies = np.floor(mean).astype(np.int64)
    copies += rng.random(len(call)) < mean - copies
    parent, call = np.repeat(parent, copies), np.repeat(call, copies)
    return _Wave(_send(plan, now, rng, call, above.pod[parent]), parent)


def _send(
    plan: Plan, now: Conditions, rng: np.random.Generator, call: Ints, source_pod: Ints
) -> Requests:
    workload = _pick(rng, now.split_workload, now.split_until, plan.service[call])
    outcome = _pick(rng, now.outcome, now.outcome_until, call)
    count = len(call)
    bare = ~plan.reports_out[plan.source[call]] | ~plan.reports_in[workload]
    return Requests(
        call=call,
        source_pod=source_pod,
        workload=workload,
        pod=_pick_pod(plan, rng, workload),
        outcome=outcome,
        reached=plan.reached[outcome],
        plaintext=bare | (rng.random(count) < now.plaintext[call]),
        lifetime_s=_lifetimes(plan, rng, call),
        server_ms=np.zeros(count),
        client_ms=np.zeros(count),
        request_bytes=_sizes(rng, plan.request_bytes[call]),
        response_bytes=_sizes(rng, plan.response_bytes[call]),
    )


def _lifetimes(plan: Plan, rng: np.random.Generator, call: Ints) -> Floats:
    opened = plan.tcp[call] & (rng.random(len(call)) < plan.connections[call])
    return np.where(opened, rng.uniform(*CONNECTION_S, len(call)), 0.0)


def _pick(rng: np.random.Generator, members: Ints, until: Floats, row: Ints) -> Ints:
    drawn = rng.random(len(row))
    picked: Ints = members[row, (drawn[:, None] >= until[row]).sum(axis=1)]
    return picked


def _pick_pod(plan: Plan, rng: np.random.Generator, workload: Ints) -> Ints:
    drawn = rng.random(len(workload)) * plan.pods[workload]
    return plan.first_pod[workload] + drawn.astype(np.int64)


def _sizes(rng: np.random.Generator, median: Floats) -> Ints:
    return (median * np.exp(SIZE_SIGMA * rng.standard_normal(len(median)))).astype(np.int64)


def _settle(plan: Plan, now: Conditions, rng: np.random.Generator, waves: list[_Wave]) -> None:
    """Fill in times, deepest requests first, and let critical failures rise."""
    for depth in range(len(waves) - 1, -1, -1):
        requests = waves[depth].requests
        waited_ms, broken = _below(plan, waves, depth)
        lost = broken & ~plan.error[requests.outcome] & requests.reached
        requests.outcome[lost] = plan.failed_inside[requests.call[lost]]
        requests.server_ms = np.where(
            requests.reached, _own_ms(plan, now, rng, requests) + waited_ms, 0.0
        )
        travel_ms = plan.rtt_ms[requests.call] + rng.uniform(*PROXY_MS, len(requests))
        held_ms = np.where(plan.delayed[requests.outcome], now.delay_ms[requests.call], 0.0)
        requests.client_ms = requests.server_ms + travel_ms + held_ms


def _below(plan: Plan, waves: list[_Wave], depth: int) -> tuple[Floats, Bools]:
    """Return the time each request spent on its own calls, and whether a critical one failed."""
    count = len(waves[depth].requests)
    if depth + 1 == len(waves):
        return np.zeros(count), np.zeros(count, dtype=np.bool_)
    calls, parent = waves[depth + 1].requests, waves[depth + 1].parent
    waited_ms: Floats = np.bincount(parent, weights=calls.client_ms, minlength=count).astype(float)
    failed = parent[plan.critical[calls.call] & plan.error[calls.outcome]]
    return waited_ms, np.bincount(failed, minlength=count) > 0


def _own_ms(plan: Plan, now: Conditions, rng: np.random.Generator, requests: Requests) -> Floats:
    workload, count = requests.workload, len(requests)
    drawn = plan.log_median_ms[workload] + plan.sigma[workload] * rng.standard_normal(count)
    tail = np.where(rng.random(count) < plan.tail[workload], rng.uniform(5, 20, count), 1.0)
    return np.exp(drawn) * tail + now.slow_ms[workload]


def join(parts: Sequence[Requests]) -> Requests:
    """Return all the requests as one; at least one part needed."""
    return Requests(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))
