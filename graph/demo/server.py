"""The simulated mesh over HTTP.

/sd                                      targets for Prometheus' http_sd
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
from urllib.parse import parse_qs, urlsplit

import orjson

from graph.demo.exposition import CONTENT_TYPE
from graph.demo.rollout import Seen
from graph.demo.simulator import STEP_S, Simulator
from graph.demo.truth import TruthError

JSON = "application/json"
# Beyond this, Prometheus and this process would spend their time on making requests.
MAX_SINGLE_TARGETS = 300
PODS_PER_MERGED_TARGET = 40
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
        self._compress = compress
        self._lock = threading.Lock()
        self._stopping = threading.Event()
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
                return Answer(orjson.dumps(self._targets()))
            case ["pods", namespace, pod, "stats", "prometheus"]:
                return self._page(namespace, pod)
            case ["merged", number, "stats", "prometheus"]:
                return self._merged_page(number)
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

    def _page(self, namespace: str, pod: str) -> Answer:
        with self._lock:
            body = self._simulator.rollout.page(namespace, pod)
        if body is None:
            raise NotFoundError(f"no pod {namespace}/{pod}")
        return Answer(body, CONTENT_TYPE)

    def _merged_page(self, number: str) -> Answer:
        with self._lock:
            slots = self._simulator.pods.reporting()
            start = int(number) * PODS_PER_MERGED_TARGET if number.isdecimal() else len(slots)
            if start >= len(slots):
                raise NotFoundError(f"no group of pods {number}")
            group = slots[start : start + PODS_PER_MERGED_TARGET]
            body = self._simulator.exposition.page(group, merged=True)
        return Answer(body, CONTENT_TYPE)

    def _truth(self, query: dict[str, list[str]]) -> Answer:
        try:
            start, end = float(query["start"][0]), float(query["end"][0])
        except (KeyError, ValueError) as error:
            raise TruthError("start and end needed, in unix seconds") from error
        with self._lock:
            question = self._simulator.truth.question(start, end)
        return Answer(orjson.dumps(question.answer()))

    def _targets(self) -> list[dict[str, object]]:
        with self._lock:
            count = len(self._simulator.pods.reporting())
            if count > MAX_SINGLE_TARGETS:
                labels = [_group_labels(i) for i in range(-(-count // PODS_PER_MERGED_TARGET))]
            else:
                labels = [self._pod_labels(seen) for seen in self._simulator.rollout.seen()]
        return [{"targets": [f"127.0.0.1:{self.port}"], "labels": each} for each in labels]

    def _pod_labels(self, seen: Seen) -> dict[str, str]:
        labels = self._simulator.pods.scrape_labels(seen.slot, seen.pod)
        path = f"/pods/{labels['namespace']}/{seen.pod.name}/stats/prometheus"
        return {"__metrics_path__": path, **labels}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return _handler(self.answer, compress=self._compress)


def _group_labels(number: int) -> dict[str, str]:
    return {
        "__metrics_path__": f"/merged/{number}/stats/prometheus",
        "instance": f"mesh-{number}",
    }


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
