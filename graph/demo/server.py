"""The simulated mesh over HTTP.

/sd?cluster=&namespace=                  targets for Prometheus' http_sd: all, or a part
/pods/<namespace>/<pod>/stats/prometheus one proxy's telemetry
/merged/<number>/stats/prometheus        many proxies' telemetry, for big meshes
/truth?start=&end=                       what really flowed (unix seconds)
/truth/now                               the clock and what is on
"""

import gzip
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import orjson

from graph.demo.simulator import STEP_S, Simulator
from graph.demo.targets import Target, Targets
from graph.demo.truth import TruthError
from graph.stopping import StopSign

JSON = "application/json"
# After a longer pause (the machine slept) the clock jumps instead of catching up.
MAX_LAG_S = 20.0


class NotFoundError(LookupError):
    """There is nothing at this path; for example, the pod has gone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back."""

    body: bytes
    content_type: str = JSON
    status: int = 200


class MeshServer:
    """Runs the simulator by the wall clock and answers for it."""

    def __init__(self, simulator: Simulator, port: int, *, compress: bool = True) -> None:
        self._simulator = simulator
        self._targets = Targets(simulator)
        self._compress = compress
        self._lock = threading.Lock()
        self._stopping = StopSign()
        self._http = _Listener(("127.0.0.1", port), self._handler())
        self.port = int(self._http.server_address[1])

    def run(self) -> None:
        """Serve until ``stop`` is called, from a signal handler or another thread."""
        answering = threading.Thread(target=self._http.serve_forever, name="http", daemon=True)
        answering.start()
        self._keep_time()
        self._http.shutdown()
        self._http.server_close()

    def stop(self) -> None:
        """Make ``run`` return."""
        self._stopping.set()

    def answer(self, target: str) -> Answer:
        """Return the answer to a GET of this path and query."""
        url = urlsplit(target)
        match url.path.strip("/").split("/"):
            case ["sd"]:
                return Answer(orjson.dumps(self._discovered(dict(parse_qsl(url.query)))))
            case [*_, "stats", "prometheus"]:
                return self._page(url.path)
            case ["truth"]:
                return self._truth(parse_qs(url.query))
            case ["truth", "now"]:
                with self._lock:
                    return Answer(orjson.dumps(self._simulator.now()))
            case _:
                raise NotFoundError(f"nothing at {url.path}")

    def _keep_time(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                if time.time() - self._simulator.at > MAX_LAG_S:
                    self._simulator.skip_to(time.time())
                if time.time() - self._simulator.at >= STEP_S:
                    self._simulator.step()
            due = self._simulator.at + STEP_S
            self._stopping.wait(max(0.0, due - time.time()))

    def _page(self, path: str) -> Answer:
        with self._lock:
            page = self._targets.page(path)
        if page is None:
            raise NotFoundError(f"nobody answers at {path}")
        return Answer(page.body, page.content_type)

    def _truth(self, query: dict[str, list[str]]) -> Answer:
        try:
            start, end = float(query["start"][0]), float(query["end"][0])
        except (KeyError, ValueError) as error:
            raise TruthError("start and end needed, in unix seconds") from error
        with self._lock:
            question = self._simulator.truth.question(start, end)
        return Answer(orjson.dumps(question.answer()))

    def _discovered(self, part: dict[str, str]) -> list[dict[str, object]]:
        with self._lock:
            targets = self._targets.all()
        address = f"127.0.0.1:{self.port}"
        return [
            {"targets": [address], "labels": _discovery_labels(each)}
            for each in targets
            if each.cluster == part.get("cluster", each.cluster)
            and each.namespace == part.get("namespace", each.namespace)
        ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return _handler(self.answer, compress=self._compress)


def _discovery_labels(target: Target) -> dict[str, str]:
    """Return the target's labels, with those by which discovery decides how it is scraped."""
    labels = {"__metrics_path__": target.path, **target.labels}
    if target.interval_s is None:
        return labels
    interval = f"{round(target.interval_s * 1000)}ms"
    return {"__scrape_interval__": interval, "__scrape_timeout__": interval, **labels}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    # Prometheus opens one connection per target at once.
    request_queue_size = 512


def _handler(answer: Callable[[str], Answer], *, compress: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "meshviz-demo"
        sys_version = ""
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            try:
                found = answer(self.path)
            except NotFoundError as error:
                found = Answer(_message(error), status=404)
            except TruthError as error:
                found = Answer(_message(error), status=400)
            self._send(found)

        def _send(self, found: Answer) -> None:
            body = found.body
            self.send_response(found.status)
            self.send_header("Content-Type", found.content_type)
            if compress and "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, compresslevel=1)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: hundreds of scrapes a minute are not news."""

    return Handler


def _message(error: Exception) -> bytes:
    return orjson.dumps({"error": str(error)})
