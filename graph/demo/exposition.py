"""A proxy's telemetry page, in Prometheus' text format as Envoy prints it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.demo.labels import (
    Account,
    Labels,
    Reporter,
    message_labels,
    request_labels,
    tcp_labels,
    text,
)
from graph.demo.ledger import (
    ANSWERED,
    ASKED,
    BOUNDS,
    BUCKETS,
    CLOSED,
    DURATION,
    HISTOGRAM,
    OPENED,
    RECEIVED,
    REQUEST_BYTES,
    RESPONSE_BYTES,
    SENT,
    Ledger,
)
from graph.demo.pods import Pods
from graph.demo.series import SIDES, Key, Series

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ISTIO_TAG = "1.24.2"
# Stands for the labels until a template is filled; cannot occur in text.
_LABELS = b"\0"

HISTOGRAMS = (
    ("istio_request_duration_milliseconds", DURATION),
    ("istio_request_bytes", REQUEST_BYTES),
    ("istio_response_bytes", RESPONSE_BYTES),
)
TCP_COUNTERS = (
    ("istio_tcp_connections_opened_total", OPENED),
    ("istio_tcp_connections_closed_total", CLOSED),
    ("istio_tcp_sent_bytes_total", SENT),
    ("istio_tcp_received_bytes_total", RECEIVED),
)
MESSAGE_COUNTERS = (
    ("istio_request_messages_total", ASKED),
    ("istio_response_messages_total", ANSWERED),
)


def _bound_text(bound: float) -> str:
    return f"{bound:.32g}"


def _histogram_template(name: str) -> bytes:
    bounds = [*map(_bound_text, BOUNDS), "+Inf"]
    lines = [f'{name}_bucket{{\0,le="{bound}"}} %d' for bound in bounds]
    lines += [f"{name}_sum{{\0}} %d", f"{name}_count{{\0}} %d", ""]
    return "\n".join(lines).encode()


def _counter_template(name: str) -> bytes:
    return f"{name}{{\0}} %d\n".encode()


@dataclass(slots=True)
class _Shelf:
    """A table's rows and label texts by pod slot, brought up to date when the table has grown."""

    series: Series
    rows: dict[int, list[int]] = field(default_factory=dict)
    labels: list[bytes] = field(default_factory=list)


class Exposition:
    """Renders telemetry pages from the ledger."""

    def __init__(self, ledger: Ledger, pods: Pods) -> None:
        self._ledger = ledger
        self._pods = pods
        self._requests = _Shelf(ledger.requests)
        self._tcp = _Shelf(ledger.tcp)
        self._messages = _Shelf(ledger.messages)

    def page(self, slots: Sequence[int], *, merged: bool = False) -> bytes:
        """Return the page of these pods.

        ``merged`` puts the pods' own names into the labels, so that many fit on one page.
        """
        self._file()
        extra = {slot: self._pod_labels(slot) if merged else b"" for slot in slots}
        parts = [b"# TYPE istio_build gauge\n"]
        build = text((("component", "proxy"), ("tag", ISTIO_TAG)))
        parts += [b"istio_build{%s%s} 1\n" % (build, extra[slot]) for slot in slots]
        parts += self._counters(self._requests, "istio_requests_total", 0, extra, live=True)
        for name, column in HISTOGRAMS:
            parts += self._histograms(name, column, extra)
        for name, column in MESSAGE_COUNTERS:
            parts += self._counters(self._messages, name, column, extra)
        for name, column in TCP_COUNTERS:
            parts += self._counters(self._tcp, name, column, extra, live=column == OPENED)
        return b"".join(parts)

    def empty_page(self) -> bytes:
        """Return the page of a pod that has not served anybody yet."""
        build = text((("component", "proxy"), ("tag", ISTIO_TAG)))
        return b"# TYPE istio_build gauge\nistio_build{%s} 1\n" % build

    def _pod_labels(self, slot: int) -> bytes:
        workload = self._pods.workload(slot)
        return b"," + text(
            (
                ("namespace", workload.namespace),
                ("pod", self._pods.serving[slot].name),
                ("instance", self._pods.serving[slot].address),
            )
        )

    def _counters(
        self,
        shelf: _Shelf,
        name: str,
        column: int,
        extra: dict[int, bytes],
        *,
        live: bool = False,
    ) -> Iterable[bytes]:
        values = shelf.series.values if live else shelf.series.published
        template = _counter_template(name)
        lines = [
            template.replace(_LABELS, shelf.labels[row] + more) % value
            for slot, more in extra.items()
            for row in shelf.rows.get(slot, ())
            if (value := int(values[row, column])) > 0
        ]
        return [b"# TYPE %s counter\n" % name.encode(), *lines] if lines else []

    def _histograms(self, name: str, column: int, extra: dict[int, bytes]) -> Iterable[bytes]:
        template = _histogram_template(name)
        published = self._requests.series.published
        blocks: list[bytes] = []
        for slot, more in extra.items():
            rows = self._requests.rows.get(slot, [])
            block = published[rows, column : column + HISTOGRAM]
            cumulative = block[:, :BUCKETS].cumsum(axis=1)
            filled = np.concatenate([cumulative, block[:, BUCKETS:], cumulative[:, -1:]], axis=1)
            for row, numbers in zip(rows, filled.tolist(), strict=True):
                if numbers[-1] > 0:
                    labels = self._requests.labels[row] + more
                    blocks.append(template.replace(_LABELS, labels) % tuple(numbers))
        return [b"# TYPE %s histogram\n" % name.encode(), *blocks] if blocks else []

    def _file(self) -> None:
        """Give every new row its place and its label text."""
        for shelf, labels_of in (
            (self._requests, request_labels),
            (self._tcp, tcp_labels),
            (self._messages, message_labels),
        ):
            for row in range(len(shelf.labels), len(shelf.series)):
                key = self._ledger.keys.unpack(shelf.series.keys[row])
                labels: Labels = labels_of(self._account(key))
                # The text becomes part of a template, where a bare percent sign means something.
                shelf.labels.append(text(labels).replace(b"%", b"%%"))
                shelf.rows.setdefault(key.pod, []).append(row)

    def _account(self, key: Key) -> Account:
        plan = self._ledger.plan
        call = plan.calls[key.call]
        reporter: Reporter = "source" if SIDES[key.side] == "source" else "destination"
        served = key.workload < len(plan.workloads)
        return Account(
            reporter=reporter,
            call=call,
            service=plan.topology.services[plan.service_index[call.service]],
            source=plan.workloads[plan.workload_index[call.source]],
            destination=plan.workloads[key.workload] if served else None,
            outcome=plan.outcomes[key.outcome],
            plaintext=bool(key.plaintext),
        )
