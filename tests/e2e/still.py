"""A pod whose Istio counters never move: a mesh without traffic."""

import json
import threading
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_LABELS = {
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


class StillMesh(AbstractContextManager["StillMesh"]):
    """Serves `/sd` and `/metrics` as the simulated mesh does, with one counter that stands at 7."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        here = f"127.0.0.1:{self.server.server_address[1]}"
        if self.path.startswith("/sd"):
            body = json.dumps([{"targets": [here], "labels": {"__metrics_path__": "/metrics"}}])
            self._send("application/json", body)
        else:
            labels = ",".join(f'{name}="{value}"' for name, value in _LABELS.items())
            counter = f"# TYPE istio_requests_total counter\nistio_requests_total{{{labels}}} 7\n"
            self._send("text/plain; version=0.0.4", counter)

    def _send(self, kind: str, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
