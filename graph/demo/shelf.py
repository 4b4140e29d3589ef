"""The label texts of a table's rows, filed by the pod slot that exposes them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from graph.demo.hops import CLIENT, CLIENT_NODE, SERVER, SERVER_NODE, WAYPOINT
from graph.demo.labels import (
    Account,
    Labels,
    Reporter,
    request_labels,
    tcp_labels,
    text,
)
from graph.demo.ledger import Ledger
from graph.demo.mixer import mixer_request_labels, mixer_tcp_labels
from graph.demo.plan import Ints
from graph.demo.series import Key, Series
from graph.demo.topology import Workload
from graph.demo.ztunnel import ztunnel_labels, ztunnel_opened_labels

Describe = Callable[[Account], Labels]
REPORTERS: dict[int, Reporter] = {
    CLIENT: "source",
    SERVER: "destination",
    WAYPOINT: "waypoint",
    CLIENT_NODE: "source",
    SERVER_NODE: "destination",
}


def request_text(account: Account) -> Labels:
    """Return the labels of requests, as the era writes them."""
    return mixer_request_labels(account) if account.era.mixer else request_labels(account)


def tcp_text(account: Account) -> Labels:
    """Return the labels of TCP traffic, as the era or the ztunnel writes them."""
    if account.ztunnel:
        return ztunnel_labels(account)
    return mixer_tcp_labels(account) if account.era.mixer else tcp_labels(account)


def opened_text(account: Account) -> Labels:
    """Return the labels of opened connections, as the era or the ztunnel writes them."""
    return ztunnel_opened_labels(account) if account.ztunnel else tcp_text(account)


@dataclass(slots=True)
class Shelf:
    """Rows and label texts by pod slot, brought up to date when the table has grown.

    Rows whose labels read the same on one page are one series: the first of them stands for all.
    """

    ledger: Ledger
    series: Series
    describe: Describe
    # Rows that stand for themselves, by slot, and the label text of every row.
    rows: dict[int, list[int]] = field(default_factory=dict)
    labels: list[bytes] = field(default_factory=list)
    _first: list[int] = field(default_factory=list)
    _known: dict[tuple[int, bytes], int] = field(default_factory=dict)
    _twins: bool = False

    def file(self) -> None:
        """Give every new row its place and its label text."""
        for row in range(len(self.labels), len(self.series)):
            key = self.ledger.keys.unpack(self.series.keys[row])
            account = account_of(self.ledger, key)
            told = (*self.describe(account), *account.proxy.custom)
            labels = tuple(label for label in told if label[0] not in account.proxy.dropped)
            # The text becomes part of a template, where a bare percent sign means something.
            written = text(labels).replace(b"%", b"%%")
            first = self._known.setdefault((key.pod, written), row)
            self.labels.append(written)
            self._first.append(first)
            if first == row:
                self.rows.setdefault(key.pod, []).append(row)
            else:
                self._twins = True

    def merged(self, values: Ints) -> Ints:
        """Return the values with every row's added to the row that stands for it."""
        if not self._twins:
            return values
        sums = np.zeros_like(values)
        np.add.at(sums, self._first, values[: len(self._first)])
        return sums


def account_of(ledger: Ledger, key: Key) -> Account:
    """Return what the row of this key counts."""
    plan = ledger.plan
    call = plan.calls[key.call]
    source = plan.workloads[plan.workload_index[call.source]]
    served = plan.workloads[key.workload] if key.workload < len(plan.workloads) else None
    between = int(plan.hops.waypoint[key.call])
    waypoint = plan.workloads[between] if between >= 0 else None
    reporter = _reporter(key, source, served, waypoint)
    return Account(
        reporter=REPORTERS[key.side],
        call=call,
        service=plan.topology.services[plan.service_index[call.service]],
        source=waypoint if waypoint and key.side in (SERVER, SERVER_NODE) else source,
        destination=waypoint if waypoint and key.side == CLIENT else served,
        outcome=plan.outcomes[key.outcome],
        plaintext=bool(key.plaintext),
        proxy=reporter,
        ztunnel=key.side in (CLIENT_NODE, SERVER_NODE),
        clusters=plan.several_clusters,
    )


def _reporter(
    key: Key, source: Workload, served: Workload | None, waypoint: Workload | None
) -> Workload:
    """Return the workload in whose version of Istio the row is written."""
    if key.side == WAYPOINT and waypoint:
        return waypoint
    if key.side in (SERVER, SERVER_NODE) and served:
        return served
    return source
