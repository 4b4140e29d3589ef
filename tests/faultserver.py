"""A Prometheus that misbehaves on command: its API as a small server inside the test process.

Between faults it answers like a small bookinfo mesh (`upstream=None`), or hands every request on
to a real Prometheus. The fault can be changed while a client is connected.
"""

import argparse
import re
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

import orjson
import requests

from graph.core.samples import Sample
from tests.make import buckets, request, tcp

Fault = Literal["none", "500", "401", "422", "html", "truncated", "slow", "late", "drip", "refuse"]

SCRAPE_INTERVAL_S = 5
_HANG_S = 600.0  # longer than any client waits; `release` ends it
_RANGE = "/api/v1/query_range"
_METRIC = re.compile(r"\brate\((\w+)\[(\d+)s\]")
_SELECTOR = re.compile(r"\{[^{}]*\}")
_HTML = b"<!doctype html><title>Sign in</title><h1>Sign in to continue</h1>"


class FaultServer(AbstractContextManager["FaultServer"]):
    """The server. `fault` is what it does wrong now; `asked` counts metrics and paths.

    ``edges`` adds as many busy edges to the small mesh, for frames of some size; ``more`` are
    requests of any labels.
    """

    def __init__(
        self, upstream: str | None = None, *, edges: int = 0, more: Sequence[Sample] = ()
    ) -> None:
        self.upstream = upstream
        self.edges = edges
        self.more = more
        # The newest queries, as they were asked, and the headers of the newest request.
        self.queries: deque[str] = deque(maxlen=5000)
        self.headers: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self._ticks: Counter[int] = Counter()
        self.late_s = 0.0  # how long every answer takes at the fault "late"
        self._fault: Fault = "none"
        self._released = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *error: object) -> None:
        self._released.set()
        self._hang_up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def fault(self) -> Fault:
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        """Do this wrong from now on; whoever hangs in an earlier fault is let go."""
        self._released.set()
        self._released = threading.Event()
        self._fault = fault
        if fault == "refuse":
            self._hang_up()
        elif self._server is None:
            self._listen()

    @property
    def ticks(self) -> int:
        """How many times the fast lane was asked, whatever the window."""
        return self.asked["istio_requests_total"]

    def ticks_of(self, window_s: int) -> int:
        """How many times the fast lane of a window was asked."""
        return self._ticks[window_s]

    def note_tick(self, window_s: int) -> None:
        """Count a question of the fast lane."""
        self._ticks[window_s] += 1

    def hang(self) -> threading.Event:
        """Return what a hanging answer waits for."""
        return self._released

    def _listen(self) -> None:
        handler = type("Handler", (_Handler,), {"owner": self})
        server = _Server(("127.0.0.1", self.port), handler)
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self._server = server

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    # Both lanes ask at once: with the usual five, connections would wait for a second SYN.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that give up on a slow answer are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    owner: FaultServer
    protocol_version = "HTTP/1.0"  # one request per connection, so that a refusal reaches all

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: tests look at `asked`."""

    def _answer(self, form: bytes) -> None:
        fault, hang = self.owner.fault, self.owner.hang()
        query = {name: values[0] for name, values in parse_qs(form.decode()).items()}
        path = urlsplit(self.path).path
        # A chart's queries are no tick: they are counted by their path.
        metric = None if path == _RANGE else _METRIC.search(query.get("query", ""))
        self.owner.headers = dict(self.headers)
        if "query" in query:
            self.owner.queries.append(query["query"])
        self.owner.asked[metric[1] if metric else path] += 1
        if metric and metric[1] == "istio_requests_total":
            self.owner.note_tick(int(metric[2]))
        if fault == "slow":
            hang.wait(_HANG_S)
            return
        if fault == "late":
            hang.wait(self.owner.late_s)
        status, kind, body = self._body(fault, form, query)
        self._send(status, kind, body, fault, hang)

    def _body(self, fault: Fault, form: bytes, query: dict[str, str]) -> tuple[int, str, bytes]:
        error = {"status": "error", "errorType": "execution", "error": "too many samples"}
        match fault:
            case "500":
                return 500, "text/plain", b"storage is on fire"
            case "401":
                return 401, "text/plain", b"Unauthorized"
            case "422":
                return 422, "application/json", orjson.dumps(error)
            case "html":
                return 200, "text/html; charset=utf-8", _HTML
        if self.owner.upstream is None:
            return (
                200,
                "application/json",
                orjson.dumps(canned(self.path, query, self.owner.edges, self.owner.more)),
            )
        answer = requests.request(
            self.command,
            self.owner.upstream + self.path,
            data=form or None,
            headers={"Content-Type": self.headers.get("Content-Type", "")} if form else {},
            timeout=30,
        )
        return answer.status_code, answer.headers["Content-Type"], answer.content

    def _send(
        self, status: int, kind: str, body: bytes, fault: Fault, hang: threading.Event
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "truncated":
            body = body[: len(body) // 2]
        if fault == "drip":
            for byte in body:
                self.wfile.write(bytes([byte]))
                if hang.wait(0.05):
                    return
        self.wfile.write(body)


def canned(
    path: str, query: dict[str, str], edges: int = 0, more: Sequence[Sample] = ()
) -> dict[str, Any]:
    """Return what Prometheus would answer for a small mesh with lively traffic."""
    path = urlsplit(path).path
    if path == _RANGE:
        return _matrix(query, edges, more)
    if path == "/api/v1/status/buildinfo":
        return _success({"version": "2.42.0"})
    if path == "/api/v1/targets":
        target = {"scrapeInterval": f"{SCRAPE_INTERVAL_S}s", "labels": {"job": "pods"}}
        return _success({"activeTargets": [target]})
    if path == "/api/v1/labels":
        return _success([])
    if path == "/api/v1/rules":
        return _success({"groups": []})
    if path == "/api/v1/labels":
        return _success(["__name__", "job", "instance"])
    promql, at = query["query"], float(query.get("time", time.time()))
    if promql == "time()":
        return _success({"resultType": "scalar", "result": [time.time(), f"{time.time():.3f}"]})
    if metric := _METRIC.search(promql):
        series = _SERIES.get(metric[1], lambda at: [])(at)
        if metric[1] == "istio_requests_total":
            series += [request(1 + _swing(at, n), target=f"s{n}-v1") for n in range(edges)]
            series += more
        return _vector(series, at)
    if promql.startswith("count by (__name__"):
        return _vector([Sample({"__name__": "istio_requests_total", "job": "pods"}, 12.0)], at)
    if promql.startswith("max by (job)"):  # scrapes in any window
        return _vector([Sample({"job": "pods"}, 10_000.0)], at)
    if promql.startswith("label_replace("):
        return _vector([Sample({"fact": "up"}, 1.0)], at)
    return _vector([], at)


def _swing(at: float, n: int) -> float:
    """Return 0 to 9, another number at every moment, so that every tick changes the graph.

    Without a period: ticks that happened to keep it would change nothing.
    """
    return (int(at * 1000) * 2_654_435_761 + n * 40_503) % 997 / 997 * 9


def _requests(at: float) -> list[Sample]:
    swing = 10 + _swing(at, 0)
    return [
        request(swing, target="reviews-v1"),
        request(swing, target="reviews-v1", reporter="source"),
        request(5.0, source="reviews-v1", target="ratings-v1"),
        request(3.0, source="web-v1", target="payments-v1", namespace="shop"),
    ]


_SERIES: dict[str, Callable[[float], list[Sample]]] = {
    "istio_requests_total": _requests,
    "istio_tcp_sent_bytes_total": lambda at: [tcp(5e4, target="mongodb-v1")],
    "istio_tcp_received_bytes_total": lambda at: [tcp(2e3, target="mongodb-v1")],
    "istio_request_duration_milliseconds_bucket": lambda at: buckets(
        {"10": 1.0, "25": 8.0, "50": 10.0, "+Inf": 10.0}
    ),
}


def _vector(samples: list[Sample], at: float) -> dict[str, Any]:
    rows = [{"metric": labels, "value": [at, f"{value:g}"]} for labels, value in samples]
    return _success({"resultType": "vector", "result": rows})


def _matrix(query: dict[str, str], edges: int, more: Sequence[Sample]) -> dict[str, Any]:
    """Return what the instant query answers at each moment of a range, whatever it selects."""
    promql = _SELECTOR.sub("", query["query"])
    start, end, step = (float(query[name]) for name in ("start", "end", "step"))
    points: dict[str, tuple[dict[str, str], list[Any]]] = {}
    for place in range(round((end - start) / step) + 1):
        at = start + place * step
        asked = {"query": promql, "time": str(at)}
        for row in canned("/api/v1/query", asked, edges, more)["data"]["result"]:
            key = repr(sorted(row["metric"].items()))
            points.setdefault(key, (row["metric"], []))[1].append(row["value"])
    rows = [{"metric": labels, "values": values} for labels, values in points.values()]
    return _success({"resultType": "matrix", "result": rows})


def _success(data: Any) -> dict[str, Any]:
    return {"status": "success", "data": data}


def main() -> None:
    """Serve until the process is ended; says its URL first."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--edges", type=int, default=0, help="busy edges beside the small mesh")
    with FaultServer(edges=parser.parse_args().edges) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
