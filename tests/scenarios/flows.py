"""The truth by name: what flowed from whom to whom, for tests that say it edge by edge."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from graph.demo.truth import TrueEdge, TrueRange


@dataclass(frozen=True)
class Flow:
    """The sum of some lines of the truth."""

    lines: tuple[TrueEdge, ...]
    seconds: float

    @property
    def rps(self) -> float:
        """Requests (TCP: exchanges) per second."""
        return self._sum("requests") / self.seconds

    @property
    def asked_rps(self) -> float:
        """Requests per second as their callers count them: once, however often they are tried."""
        return self._sum("client_requests") / self.seconds

    @property
    def error_ratio(self) -> float:
        """The share of requests that failed."""
        return self._sum("errors") / self._sum("requests")

    @property
    def connections_per_s(self) -> float:
        """Connections opened per second."""
        return self._sum("connections_opened") / self.seconds

    @property
    def sent_bps(self) -> float:
        """Bytes per second in the response direction."""
        return self._sum("sent_bytes") / self.seconds

    @property
    def received_bps(self) -> float:
        """Bytes per second in the request direction."""
        return self._sum("received_bytes") / self.seconds

    @property
    def received_mps(self) -> float:
        """gRPC request messages per second."""
        return self._sum("request_messages") / self.seconds

    @property
    def sent_mps(self) -> float:
        """gRPC response messages per second."""
        return self._sum("response_messages") / self.seconds

    @property
    def errors_per_s(self) -> float:
        """Failed requests per second."""
        return self._sum("errors") / self.seconds

    def _sum(self, name: str) -> int:
        return sum(line[name] for line in self.lines)  # type: ignore[literal-required]


def flow(truth: TrueRange, **wanted: str) -> Flow:
    """Return what flowed between these: source, target (its workload, else service), service,
    host, protocol, operation, cluster (of the source)."""
    lines = tuple(line for line in truth["edges"] if _facts(line).items() >= wanted.items())
    assert lines, f"nothing flowed: {wanted}"
    return Flow(lines, truth["seconds"])


def _facts(line: TrueEdge) -> dict[str, Any]:
    destination = line["destination"]
    return {
        "source": line["source"]["workload"],
        "cluster": line["source"]["cluster"],
        "target": destination["workload"] if destination else line["service_name"],
        "reached": "yes" if destination else "no",
        "service": line["service_name"],
        "host": line["service"],
        "protocol": line["protocol"],
        "operation": line["operation"],
    }


def near(per_s: float, window_s: float = 60, scrape_s: float = 5) -> Any:
    """Return what equals a rate that was measured: 5 %, the counter's edges, and chance.

    Chance is what the seconds that no scrape tells of may differ by from the rest.
    """
    chance = (1 + 4 * (per_s * scrape_s) ** 0.5) / window_s
    return pytest.approx(per_s, abs=0.05 * per_s + chance)


def bytes_near(per_s: float) -> Any:
    """Return what equals a rate of bytes, which the proxies tell every five seconds only."""
    return pytest.approx(per_s, rel=0.2)


def pairs_of(edges: Iterable[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Return who calls whom, whatever the protocol."""
    return {(source, target) for source, target, _ in edges}
