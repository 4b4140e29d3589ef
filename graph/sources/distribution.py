"""How response times are distributed, as each side's proxies measured them.

Nobody is asked: the buckets of every link are among the readings, as quantiles are made of them.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf, isfinite

from graph.core import latency
from graph.core.accounts import Entry
from graph.core.figures import digits
from graph.core.origins import Behind, EdgeOrigin, Origins
from graph.core.readings import Readings, SlowFacts
from graph.core.wire import Bucket, Distribution, DistributionSide
from graph.sources.base import Source
from graph.sources.flows import together
from graph.sources.line import UNTOLD
from graph.sources.selecting import Selecting
from graph.sources.strands import Target
from graph.sources.sums import Sums


def distribution(
    source: Source, readings: Readings, found: Origins, target: Target
) -> Distribution:
    """Return the distribution of a node's answers, or of an edge's.

    Raises KeyError when the picture does not have it.
    """
    at = readings.slow.at if readings.slow else readings.at
    writer = _Writer(source, readings, Selecting(found, source.shape), at)
    return {
        "id": target.name,
        "at": at,
        "window_s": readings.window_s,
        "sides": list(writer.sides(_edges(found, target))),
    }


def _edges(found: Origins, target: Target) -> list[EdgeOrigin]:
    if target.edge is not None:
        return [found.edges[target.edge]]
    name = target.node or ""
    found.namespaces[name]  # or it is not drawn
    return found.inbound(name)


class _Writer:
    def __init__(self, source: Source, readings: Readings, selecting: Selecting, at: float) -> None:
        self._source = source
        self._slow = readings.slow
        self._selecting = selecting
        self._sums = Sums(readings.window_s, source.naming, source.shape)
        self._at = at

    def sides(self, edges: Sequence[EdgeOrigin]) -> Iterator[DistributionSide]:
        """Yield the sides that measured anything."""
        timed = [edge for edge in edges if edge.protocol != "tcp"]
        is_open = all(edge.is_open for edge in timed)
        client = Behind.of(edge.client for edge in timed).timed
        server = Behind.of(edge.server for edge in timed).timed
        for reporter, entries in (("client", client), ("server", server)):
            buckets = _buckets(self._slow, entries)
            if buckets:
                _, where, *_ = together(self._selecting.parts(entries))
                promql = self._sums.buckets(where).promql
                yield {
                    "reporter": "client" if reporter == "client" else "server",
                    "promql": promql if is_open else UNTOLD,
                    "url": self._source.page_url(promql, self._at) if is_open else None,
                    "buckets": buckets,
                }


def _buckets(slow: SlowFacts | None, entries: Sequence[Entry]) -> list[Bucket]:
    """Return the requests in each bucket that any of the accounts has."""
    if slow is None:
        return []
    rows = [slow.rows[entry.filed] for entry in entries if entry.filed in slow.rows]
    if not rows:
        return []
    histograms = slow.histograms
    (merged,) = latency.merge(histograms, [rows]).tolist()
    has = latency.merged_bounds(histograms, [rows])
    chosen = [True] * len(merged) if has is None else has[0].tolist()
    told = zip(histograms.bounds_ms.tolist(), merged, chosen, strict=True)
    steps = [(bound, total) for bound, total, is_there in told if is_there]
    # What takes longer than any bound is in the bucket without one.
    if steps[-1][0] != inf:
        steps.append((inf, merged[-1]))
    return [
        {
            "le_ms": bound if isfinite(bound) else None,
            "rps": digits(max(0.0, total - before)) or 0.0,
        }
        for (_, before), (bound, total) in pairwise([(0.0, 0.0), *steps])
    ]
