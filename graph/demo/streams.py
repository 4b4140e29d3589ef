"""Connections and gRPC streams that outlive a step: opened once, carrying messages, ended late.

A proxy counts a request when it ends, so a stream that lasts is silent in the request counters;
its bytes and messages are counted as they pass.
"""

from dataclasses import dataclass

import numpy as np

from graph.demo.conditions import Conditions
from graph.demo.plan import Floats, Ints, Plan
from graph.demo.traffic import ENDING, MIDDLE, OPENING, Requests, pick, pick_pod, sizes


@dataclass(slots=True)
class _Open:
    """The streams of one call, and what each has carried so far."""

    call: int
    source_pod: Ints
    workload: Ints
    pod: Ints
    request_bytes: Ints
    response_bytes: Ints


class Streams:
    """All long-lived streams of a mesh, on random numbers of their own."""

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        self._plan = plan
        self._rng = rng
        self._waiting = [i for i, call in enumerate(plan.calls) if call.stream is not None]
        self._open: list[_Open] = []

    def step(self, now: Conditions, seconds: float, elapsed_s: float) -> list[Requests]:
        """Return what the streams do in the next ``seconds``, as rows of single parts."""
        rows: list[Requests] = []
        for call in self._waiting:
            streams = self._begin(now, call)
            self._open.append(streams)
            rows.append(self._rows(streams, np.arange(len(streams.pod)), OPENING))
        self._waiting = []
        rows += [self._exchange(now, streams, seconds) for streams in self._open]
        ending = [s for s in self._open if 0 < self._lasts_s(s) <= elapsed_s + seconds]
        rows += [self._end(streams) for streams in ending]
        self._open = [streams for streams in self._open if streams not in ending]
        return rows

    def _lasts_s(self, streams: _Open) -> float:
        stream = self._plan.calls[streams.call].stream
        return stream.lasts_s if stream else 0.0

    def _begin(self, now: Conditions, call: int) -> _Open:
        plan, rng = self._plan, self._rng
        stream = plan.calls[call].stream
        calls = np.full(stream.count if stream else 0, call)
        workload = pick(rng, now.split_workload, now.split_until, plan.service[calls])
        return _Open(
            call=call,
            source_pod=pick_pod(plan, now, rng, plan.source[calls]),
            workload=workload,
            pod=pick_pod(plan, now, rng, workload),
            request_bytes=np.zeros(len(calls), dtype=np.int64),
            response_bytes=np.zeros(len(calls), dtype=np.int64),
        )

    def _exchange(self, now: Conditions, streams: _Open, seconds: float) -> Requests:
        count = int(self._rng.poisson(now.rps[streams.call] * seconds))
        which = self._rng.integers(0, len(streams.pod), count)
        rows = self._rows(streams, which, MIDDLE)
        rows.request_bytes = sizes(self._rng, self._plan.request_bytes[rows.call])
        rows.response_bytes = sizes(self._rng, self._plan.response_bytes[rows.call])
        np.add.at(streams.request_bytes, which, rows.request_bytes)
        np.add.at(streams.response_bytes, which, rows.response_bytes)
        return rows

    def _end(self, streams: _Open) -> Requests:
        rows = self._rows(streams, np.arange(len(streams.pod)), ENDING)
        lasted_ms: Floats = np.full(len(rows), self._lasts_s(streams) * 1000)
        rows.server_ms, rows.client_ms = lasted_ms, lasted_ms
        rows.request_bytes, rows.response_bytes = streams.request_bytes, streams.response_bytes
        return rows

    def _rows(self, streams: _Open, which: Ints, part: int) -> Requests:
        plan, count = self._plan, len(which)
        workload = streams.workload[which]
        call = np.full(count, streams.call)
        nothing = np.zeros(count, dtype=np.int64)
        normal = _normal(plan, streams.call)
        return Requests(
            call=call,
            source_pod=streams.source_pod[which],
            workload=workload,
            pod=streams.pod[which],
            outcome=np.full(count, normal),
            reached=np.ones(count, dtype=np.bool_),
            plaintext=~plan.meshed[plan.source[call]] | ~plan.meshed[workload],
            lifetime_s=np.zeros(count),
            part=np.full(count, part),
            final=np.ones(count, dtype=np.bool_),
            server_ms=np.zeros(count),
            client_ms=np.zeros(count),
            request_bytes=nothing,
            response_bytes=nothing,
        )


def _normal(plan: Plan, call: int) -> int:
    """Return the number of the outcome with which nothing is wrong."""
    protocol = plan.calls[call].protocol
    numbers = range(len(plan.outcomes))
    return next(n for n in numbers if plan.outcomes[n].protocol == protocol)
