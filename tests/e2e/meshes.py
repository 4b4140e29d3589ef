"""Small meshes of our own making: pods whose counters stand still, or whose names are odd."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Labels = Mapping[str, str]

LABELS: Labels = {
    "reporter": "destination",
    "source_workload": "productpage-v1",
    "source_workload_namespace": "bookinfo",
    "source_canonical_service": "productpage",
    "source_canonical_revision": "v1",
    "destination_workload": "details-v1",
    "destination_workload_namespace": "bookinfo",
    "destination_canonical_service": "details",
    "destination_canonical_revision": "v1",
    "destination_service": "details.bookinfo.svc.cluster.local",
    "destination_service_name": "details",
    "destination_service_namespace": "bookinfo",
    "request_protocol": "http",
    "response_code": "200",
    "response_flags": "-",
    "connection_security_policy": "mutual_tls",
}


class ExposedMesh(AbstractContextManager["ExposedMesh"]):
    """Serves `/sd` and `/metrics` as the simulated mesh does, with the text that `expose` gives."""

    def __init__(self, expose: Callable[[], str]) -> None:
        self._expose = expose

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self._expose))
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def still_mesh() -> ExposedMesh:
    """Return a mesh without traffic: its one counter stands at 7."""
    return ExposedMesh(lambda: requests_total([(LABELS, 7.0)]))


def busy_mesh(calls: list[Labels], rps: float = 5.0) -> ExposedMesh:
    """Return a mesh in which every call is made ``rps`` times a second."""
    start = time.monotonic()
    return ExposedMesh(
        lambda: requests_total([(call, 7.0 + rps * (time.monotonic() - start)) for call in calls])
    )


def requests_total(series: list[tuple[Labels, float]]) -> str:
    """Return the counter of requests as proxies expose it."""
    lines = [f"istio_requests_total{{{_labels(labels)}}} {value}" for labels, value in series]
    return "\n".join(["# TYPE istio_requests_total counter", *lines, ""])


def _labels(labels: Labels) -> str:
    return ",".join(f"{name}={_quoted(value)}" for name, value in labels.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, expose: Callable[[], str], *arguments: object) -> None:
        self._expose = expose
        super().__init__(*arguments)  # type: ignore[arg-type]  # the server's own three

    def do_GET(self) -> None:
        here = f"127.0.0.1:{self.server.server_address[1]}"
        if self.path.startswith("/sd"):
            body = json.dumps([{"targets": [here], "labels": {"__metrics_path__": "/metrics"}}])
            self._send("application/json", body)
        else:
            self._send("text/plain; version=0.0.4; charset=utf-8", self._expose())

    def _send(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
