"""A proxy's telemetry page, in Prometheus' text format as Envoy prints it.

Ztunnels answer in the OpenMetrics format, and Mixer has one page for all the proxies of its era.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from graph.demo.eras import MIXER_BYTES, MIXER_MS, Names
from graph.demo.labels import message_labels, text
from graph.demo.ledger import ANSWERED, ASKED, CLOSED, OPENED, RECEIVED, SENT, Ledger
from graph.demo.plan import BOUNDS, Ints
from graph.demo.pods import Pods
from graph.demo.shelf import Shelf, opened_text, request_text, tcp_text
from graph.demo.topology import Workload

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
# Stands for the labels until a template is filled; cannot occur in text.
_LABELS = b"\0"
_HELP = {
    "istio_tcp_connections_opened": "The total number of TCP connections opened",
    "istio_tcp_connections_closed": "The total number of TCP connections closed",
    "istio_tcp_sent_bytes": "The size of total bytes sent during response",
    "istio_tcp_received_bytes": "The size of total bytes received during request",
}
# What each slot's series carry besides their own labels, and that by metric name.
Extra = dict[int, bytes]
Named = dict[str, Extra]


@lru_cache(maxsize=64)
def _histogram_template(
    name: str, bounds: tuple[float, ...], *, mixer: bool, seconds: bool
) -> bytes:
    # Envoy prints a bound to its last digit, Go as short as it can.
    shown = [f"{bound / 1000 if seconds else bound:{'g' if mixer else '.32g'}}" for bound in bounds]
    lines = [f'{name}_bucket{{\0,le="{mark}"}} %d' for mark in [*shown, "+Inf"]]
    total = "%.15g" if seconds else "%d"
    lines += [f"{name}_sum{{\0}} {total}", f"{name}_count{{\0}} %d", ""]
    return "\n".join(lines).encode()


class Exposition:
    """Renders telemetry pages from the ledger."""

    def __init__(self, ledger: Ledger, pods: Pods) -> None:
        self._ledger = ledger
        self._pods = pods
        self._requests = Shelf(ledger, ledger.requests, request_text)
        self._tcp = Shelf(ledger, ledger.tcp, tcp_text)
        self._opened = Shelf(ledger, ledger.tcp, opened_text)
        self._messages = Shelf(ledger, ledger.messages, message_labels)

    def page(self, slots: Sequence[int], *, merged: bool = False) -> bytes:
        """Return the page of these pods.

        ``merged`` puts the pods' own names into the labels, so that many fit on one page.
        """
        for shelf in (self._requests, self._tcp, self._opened, self._messages):
            shelf.file()
        extra = {slot: self._pod_labels(slot) if merged else b"" for slot in slots}
        fixed = [self._pods.workload(slot).page.encode() for slot in slots]
        counted = {s: more for s, more in extra.items() if not self._pods.workload(s).page}
        page = b"".join([*fixed, *self._build(counted), *self._families(counted)])
        return page if merged or not self._speaks_openmetrics(slots) else _openmetrics(page)

    def empty_page(self, slot: int) -> bytes:
        """Return the page of a pod in this slot that has not served anybody yet."""
        page = b"".join(self._build({slot: b""}))
        return _openmetrics(page) if self._speaks_openmetrics([slot]) else page

    def content_type(self, slots: Sequence[int]) -> str:
        """Return the Content-Type of the page of these pods."""
        return OPENMETRICS_TYPE if self._speaks_openmetrics(slots) else CONTENT_TYPE

    def _speaks_openmetrics(self, slots: Sequence[int]) -> bool:
        return bool(slots) and all(self._pods.workload(slot).mode == "ztunnel" for slot in slots)

    def _pod_labels(self, slot: int) -> bytes:
        workload = self._pods.workload(slot)
        return b"," + text(
            (
                ("namespace", workload.namespace),
                ("pod", self._pods.serving[slot].name),
                ("instance", self._pods.serving[slot].address),
            )
        )

    def _build(self, extra: Extra) -> list[bytes]:
        lines = [b"# TYPE istio_build gauge\n"] if extra else []
        for slot, more in extra.items():
            workload = self._pods.workload(slot)
            component = workload.mode if workload.mode in ("ztunnel", "mixer") else "proxy"
            build = text((("component", component), ("tag", workload.era.tag)))
            lines.append(b"istio_build{%s%s} 1\n" % (build, more))
        return lines

    def _by_name(self, extra: Extra, name_of: Callable[[Names], str | None]) -> Named:
        """Return the slots that expose a metric, under the name that it has in their era."""
        named: Named = {}
        for slot, more in extra.items():
            name = name_of(self._pods.workload(slot).era.names)
            if name:
                named.setdefault(name, {})[slot] = more
        return named

    def _families(self, extra: Extra) -> Iterator[bytes]:
        layout, tcp, messages = self._ledger.layout, self._tcp, self._messages
        for name, group in self._by_name(extra, lambda names: names.requests).items():
            yield from self._counters(self._requests, name, 0, group, live=True)
        sized = {slot: more for slot, more in extra.items() if self._pods.workload(slot).sizes}
        for column, slots, name_of in (
            (layout.duration, extra, lambda names: names.duration),
            (layout.request_bytes, sized, lambda names: names.request_bytes),
            (layout.response_bytes, sized, lambda names: names.response_bytes),
        ):
            for name, group in self._by_name(slots, name_of).items():
                yield from self._histograms(name, column, group)
        for shelf, column, name_of in (
            (messages, ASKED, lambda names: names.asked),
            (messages, ANSWERED, lambda names: names.answered),
            (self._opened, OPENED, lambda names: names.opened),
            (tcp, CLOSED, lambda names: names.closed),
            (tcp, SENT, lambda names: names.sent),
            (tcp, RECEIVED, lambda names: names.received),
        ):
            for name, group in self._by_name(extra, name_of).items():
                yield from self._counters(shelf, name, column, group, live=shelf is self._opened)

    def _counters(
        self, shelf: Shelf, name: str, column: int, extra: Extra, *, live: bool = False
    ) -> Iterable[bytes]:
        values = shelf.merged(shelf.series.values if live else shelf.series.published)
        template = f"{name}{{\0}} %d\n".encode()
        lines = [
            template.replace(_LABELS, shelf.labels[row] + more) % value
            for slot, more in extra.items()
            for row in shelf.rows.get(slot, ())
            if (value := int(values[row, column])) > 0
        ]
        return [b"# TYPE %s counter\n" % name.encode(), *lines] if lines else []

    def _histograms(self, name: str, column: int, extra: Extra) -> Iterable[bytes]:
        values = self._requests.merged(self._requests.series.published)
        blocks = [
            block
            for slot, more in extra.items()
            for block in self._histograms_of(slot, name, column, values, more)
        ]
        return [b"# TYPE %s histogram\n" % name.encode(), *blocks] if blocks else []

    def _histograms_of(
        self, slot: int, name: str, column: int, values: Ints, more: bytes
    ) -> Iterator[bytes]:
        layout, shelf = self._ledger.layout, self._requests
        workload = self._pods.workload(slot)
        bounds = _bounds_of(workload, durations=column == layout.duration)
        mixer = workload.era.mixer
        seconds = mixer and column == layout.duration
        template = _histogram_template(name, bounds, mixer=mixer, seconds=seconds)
        rows = shelf.rows.get(slot, [])
        block = values[rows, column : column + layout.histogram]
        cumulative = block[:, : layout.buckets].cumsum(axis=1)
        wanted = [layout.bounds.index(bound) for bound in bounds]
        numbers = cumulative[:, [*wanted, -1]].tolist()
        for row, buckets, total in zip(rows, numbers, block[:, -1].tolist(), strict=True):
            if buckets[-1] > 0:
                labels = shelf.labels[row] + more
                added = total / 1000 if seconds else total
                yield template.replace(_LABELS, labels) % (*buckets, added, buckets[-1])


def _bounds_of(workload: Workload, *, durations: bool) -> tuple[float, ...]:
    if workload.era.mixer:
        return MIXER_MS if durations else MIXER_BYTES
    return workload.buckets or tuple(float(bound) for bound in BOUNDS)


def _openmetrics(page: bytes) -> bytes:
    """Return a page of counters in the format of OpenMetrics, as Rust's client prints it."""
    lines: list[bytes] = []
    for line in page.splitlines():
        if line.startswith(b"# TYPE") and line.endswith(b"_total counter"):
            name = line.split()[2].removesuffix(b"_total").decode()
            lines += [f"# HELP {name} {_HELP[name]}.".encode(), f"# TYPE {name} counter".encode()]
        else:
            lines.append(line)
    return b"\n".join([*lines, b"# EOF", b""])
