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
# Parts of a request: all of it at once, or what becomes of a stream that stays open.
WHOLE, OPENING, MIDDLE, ENDING = range(4)
# A sidecar's own time, at each end.
PROXY_MS = (0.5, 2.5)
SIZE_SIGMA = 0.3
# How long a pooled TCP connection lives.
CONNECTION_S = (5.0, 55.0)
REFUSED_S = 0.001


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
    # Which part of a request or connection this row is.
    part: Ints
    # False for an attempt that the client's proxy repeated: only the server's side counts it.
    final: Bools
    server_ms: Floats
    client_ms: Floats
    request_bytes: Ints
    response_bytes: Ints

    def __len__(self) -> int:
        return len(self.call)

    @property
    def counted(self) -> Bools:
        """True for HTTP and gRPC requests that ended here, and for exchanges over TCP."""
        ended: Bools = (self.part == WHOLE) | (self.part == ENDING)
        return ended

    @property
    def carried(self) -> Bools:
        """True for rows with a message or an exchange of their own."""
        carrying: Bools = (self.part == WHOLE) | (self.part == MIDDLE)
        return carrying

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
    plan: Plan, now: Conditions, rng: np.random.Generator, seconds: float, elapsed_s: float = 0.0
) -> Requests:
    """Return every request of the next ``seconds``; ``elapsed_s`` have passed since the start."""
    waves = [_start(plan, now, rng, seconds, elapsed_s)]
    while len(waves[-1].requests) and len(waves) < MAX_DEPTH:
        waves.append(_follow(plan, now, rng, waves[-1].requests))
    repeated = _settle(plan, now, rng, waves)
    return join([*(wave.requests for wave in waves), *repeated])


def _start(
    plan: Plan, now: Conditions, rng: np.random.Generator, seconds: float, elapsed_s: float
) -> _Wave:
    counts = rng.poisson(now.rps[plan.roots] * seconds) + _bursts(plan, seconds, elapsed_s)
    call = np.repeat(plan.roots, counts)
    source_pod = pick_pod(plan, now, rng, plan.source[call])
    return _Wave(_send(plan, now, rng, call, source_pod), np.zeros(len(call), dtype=np.int64))


def _bursts(plan: Plan, seconds: float, elapsed_s: float) -> Ints:
    """Return how many requests of each root are due exactly now."""
    bursts = [plan.calls[root].burst for root in plan.roots.tolist()]
    due = [b.requests if b and elapsed_s <= b.at_s < elapsed_s + seconds else 0 for b in bursts]
    return np.array(due, dtype=np.int64)


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
    workload = pick(rng, now.split_workload, now.split_until, plan.service[call])
    outcome = pick(rng, now.outcome, now.outcome_until, call)
    count = len(call)
    bare = ~plan.meshed[plan.source[call]] | ~plan.meshed[workload]
    # A connection that was refused lives no time, and carries nothing.
    refused = plan.layer4[call] & ~plan.reached[outcome]
    return Requests(
        call=call,
        source_pod=source_pod,
        workload=workload,
        pod=pick_pod(plan, now, rng, workload),
        outcome=outcome,
        reached=plan.reached[outcome],
        plaintext=bare | (rng.random(count) < now.plaintext[call]),
        lifetime_s=np.where(refused, REFUSED_S, _lifetimes(plan, rng, call)),
        part=np.full(count, WHOLE),
        final=np.ones(count, dtype=np.bool_),
        server_ms=np.zeros(count),
        client_ms=np.zeros(count),
        request_bytes=np.where(refused, 0, sizes(rng, plan.request_bytes[call])),
        response_bytes=np.where(refused, 0, sizes(rng, plan.response_bytes[call])),
    )


def _lifetimes(plan: Plan, rng: np.random.Generator, call: Ints) -> Floats:
    opened = plan.connects[call] & (rng.random(len(call)) < plan.connections[call])
    return np.where(opened, rng.uniform(*CONNECTION_S, len(call)), 0.0)


def pick(rng: np.random.Generator, members: Ints, until: Floats, row: Ints) -> Ints:
    """Return one member of each row, drawn by the rows' shares."""
    drawn = rng.random(len(row))
    picked: Ints = members[row, (drawn[:, None] >= until[row]).sum(axis=1)]
    return picked


def pick_pod(plan: Plan, now: Conditions, rng: np.random.Generator, workload: Ints) -> Ints:
    """Return a pod slot that serves, for each workload."""
    drawn = rng.random(len(workload)) * now.pods[workload]
    return plan.first_pod[workload] + drawn.astype(np.int64)


def sizes(rng: np.random.Generator, median: Floats) -> Ints:
    """Return whole bytes, spread around each median."""
    return (median * np.exp(SIZE_SIGMA * rng.standard_normal(len(median)))).astype(np.int64)


def _settle(
    plan: Plan, now: Conditions, rng: np.random.Generator, waves: list[_Wave]
) -> list[Requests]:
    """Fill in times, deepest requests first, and let critical failures rise.

    Returns the attempts that were repeated.
    """
    repeated: list[Requests] = []
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
        _give_up(plan, requests, travel_ms)
        if plan.retries.any():
            repeated.append(_repeat(plan, now, rng, requests))
    return repeated


def _give_up(plan: Plan, requests: Requests, travel_ms: Floats) -> None:
    """Let clients leave whose patience ended: both ends know how long that took."""
    late = plan.timed_out[requests.outcome]
    waited_ms = plan.timeout_ms[requests.call]
    requests.client_ms = np.where(late, waited_ms, requests.client_ms)
    requests.server_ms = np.where(late, np.maximum(waited_ms - travel_ms, 0), requests.server_ms)


def _repeat(plan: Plan, now: Conditions, rng: np.random.Generator, requests: Requests) -> Requests:
    """Return failed first attempts of some requests, and add their time to the client's."""
    drawn = rng.random(len(requests)) < plan.retries[requests.call]
    rows = np.flatnonzero(drawn & requests.reached)
    attempts = requests.take(rows)
    attempts.outcome = plan.retried[attempts.call]
    attempts.pod = pick_pod(plan, now, rng, attempts.workload)
    attempts.final = np.zeros(len(rows), dtype=np.bool_)
    attempts.lifetime_s = np.zeros(len(rows))
    attempts.server_ms = _own_ms(plan, now, rng, attempts)
    requests.client_ms[rows] += attempts.server_ms + plan.rtt_ms[attempts.call]
    return attempts


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
