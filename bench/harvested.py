"""What Prometheus would answer about a simulated mesh, without a Prometheus: for sizes beyond it.

``python -m bench.harvested FOLDER SERVICES`` writes one file per tick and question, each the body
of an instant query over the last minute. Ticks are five seconds apart; the traffic is steady.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import inf
from pathlib import Path

import orjson

from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS, Harvest, Lane, Sample
from graph.demo.simulate import mesh_with
from graph.demo.simulator import STEP_S, Options, Simulator
from graph.demo.synth import FEW_BOUNDS
from graph.live.garbage import collect_seldom
from graph.sources import answers
from graph.sources.body import opened
from graph.sources.promql import QUESTIONS
from graph.sources.shape import PLAIN

WINDOW_S, TICK_S, TICKS = 60, 5, 2
AT = 1_700_000_000.0
_QUESTIONS: Mapping[Lane, Sequence[str]] = {"fast": FAST_QUESTIONS, "slow": SLOW_QUESTIONS}
_LINE = re.compile(r"(\w+)\{(.*)\} (\S+)\n")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
# Simulated proxies of big meshes have only these bounds, and count no sizes: those of small ones
# are asked for no more, so that meshes of all sizes can be compared.
_BOUNDS = frozenset({*FEW_BOUNDS, inf})
_UNCOUNTED = ("request_bytes", "response_bytes")
# So many pods' pages at once: a big mesh's would not fit in memory together.
_PODS = 500

_Counters = dict[str, dict[tuple[str, ...], float]]


def write(folder: Path, services: int) -> None:
    """Let a mesh of this size run for as long as the ticks need, and write what they answer."""
    simulator = Simulator(mesh_with("steady", services, 1), Options(), AT - WINDOW_S)
    moments = [(begin, begin + WINDOW_S) for begin in range(0, TICKS * TICK_S, TICK_S)]
    seen: dict[int, _Counters] = {}
    for second in range(max(end for _, end in moments) + 1):
        if any(second in pair for pair in moments):
            seen[second] = _counters(simulator)
        for _ in range(round(1 / STEP_S)):
            simulator.step()
    for tick, (begin, end) in enumerate(moments):
        for question in QUESTIONS:
            body = _body(question, seen[begin], seen[end])
            (folder / f"{tick}-{question}.json").write_bytes(body)


def read(folder: Path, lane: Lane, tick: int) -> Harvest:
    """Return a lane's answers at one tick, as the Prometheus source would read them."""
    found = {
        question: _read(question, (folder / f"{tick}-{question}.json").read_bytes())
        for question in _QUESTIONS[lane]
    }
    return Harvest(AT + tick * TICK_S, found, 0.0, len(found))


def _read(question: str, text: bytes) -> list[Sample]:
    body = opened(text)
    if body is None:
        raise ValueError(f"no answer: {text[:80]!r}")
    return answers.buckets(body) if question == "duration_buckets" else answers.vector(body)


def _counters(simulator: Simulator) -> _Counters:
    """Return every counter that a question is about, summed by the labels that it groups by."""
    sums: _Counters = {name: defaultdict(float) for name in QUESTIONS}
    wanted = {q.metric: name for name, q in QUESTIONS.items() if name not in _UNCOUNTED}
    groups = {name: question.grouping(PLAIN, brief=True) for name, question in QUESTIONS.items()}
    for name, text, value in _lines(simulator):
        question = wanted.get(name)
        if question is not None:
            text, _, bound = text.partition(',le="')
            if not bound or float(bound.rstrip('"')) in _BOUNDS:
                labels = {**_labels(text), "le": bound.rstrip('"')}
                key = tuple(labels.get(label, "") for label in groups[question])
                sums[question][key] += float(value)
    return sums


# The lines of one histogram come one after the other.
@lru_cache(maxsize=8)
def _labels(text: str) -> dict[str, str]:
    return dict(_LABEL.findall(text))


def _lines(simulator: Simulator) -> Iterator[tuple[str, str, str]]:
    slots = sorted(simulator.rollout.serving())
    for first in range(0, len(slots), _PODS):
        page = simulator.exposition.page(slots[first : first + _PODS]).decode()
        for found in _LINE.finditer(page):
            yield found[1], found[2], found[3]


def _body(name: str, before: _Counters, after: _Counters) -> bytes:
    question = QUESTIONS[name]
    labels = question.grouping(PLAIN, brief=True)
    rows = []
    for key, total in after[name].items():
        rate = (total - before[name].get(key, 0.0)) / WINDOW_S
        if rate > 0 or not question.moving_only:
            metric = {label: text for label, text in zip(labels, key, strict=True) if text}
            rows.append({"metric": metric, "value": [AT, f"{rate:.17g}"]})
    return orjson.dumps({"data": {"resultType": "vector", "result": rows}})


if __name__ == "__main__":
    collect_seldom()
    write(Path(sys.argv[1]), int(sys.argv[2]))
