"""What a server does between the wish that it ends and its end."""

import os
import signal
import threading

import requests

from tests.faultserver import FaultServer
from tests.operations.test_port import operations
from tests.served import Served
from tests.signin.people import RECORDING
from tests.stack import wait_until


def tell_to_end(served: Served, number: signal.Signals = signal.SIGTERM) -> None:
    os.kill(served.process.pid, number)


def ended(served: Served) -> bool:
    return served.process.exit_code() is not None


def test_draining_server_is_not_ready_and_serves() -> None:
    with Served(RECORDING, drain="5m", operations_address="127.0.0.1:0") as served:
        wait_until(lambda: served.get("/readyz").ok, what="a ready server")
        with served.watch() as old, requests.Session() as kept:
            old.next("snapshot")
            assert kept.get(f"{served.url}/api/v1/status").headers.get("connection") is None
            tell_to_end(served)
            wait_until(lambda: not served.get("/readyz").ok, what="an unready server")

            assert served.get("/readyz").text == (
                "This process ends; it takes nobody in any more.\n"
            )
            assert requests.get(f"{operations(served)}/readyz", timeout=10).status_code == 503
            assert served.get("/healthz").ok
            assert kept.get(f"{served.url}/api/v1/status").headers["connection"] == "close"
            old.next("delta", "status")
            with served.watch() as late:
                late.next("snapshot")

        assert not ended(served)


def test_drained_server_sends_its_viewers_elsewhere() -> None:
    with Served(RECORDING, drain="500ms") as served, served.watch() as viewer:
        viewer.next("snapshot")
        tell_to_end(served)
        while True:
            opcode, data = viewer.socket.recv_data()
            if opcode == 8:
                break
        wait_until(lambda: ended(served), what="the end")

        assert int.from_bytes(data[:2], "big") == 1012
        assert data[2:].decode() == "This server ends; come back to the next."
        assert served.process.exit_code() == 0


def test_requests_in_flight_finish() -> None:
    answers: list[requests.Response] = []
    with FaultServer() as prometheus, Served(prometheus.url, interval="60s") as served:
        wait_until(lambda: served.get("/readyz").ok, what="a ready server")
        prometheus.late_s, prometheus.fault = 3.0, "late"
        asked = prometheus.asked.total()
        path = "/api/v1/history?in_namespace=shop&range=5m&fields=rps"
        asking = threading.Thread(target=lambda: answers.append(served.get(path)))
        asking.start()
        wait_until(lambda: prometheus.asked.total() > asked, what="a question to Prometheus")
        tell_to_end(served)
        wait_until(lambda: refuses(served), what="a server that takes nobody")
        asking.join()
        wait_until(lambda: ended(served), what="the end")

    assert [answer.status_code for answer in answers] == [200]


def test_viewer_that_reads_nothing_holds_nobody_up() -> None:
    with FaultServer(edges=2000) as prometheus:
        settings = {"interval": "1s", "query_budget": "1", "query_timeout": "2m"}
        with (
            Served(prometheus.url, **settings) as served,
            served.watch("type=app", receive_buffer_bytes=4096) as stalled,
        ):
            stalled.next("snapshot")
            # A look at the whole picture again and again, until none fits into the buffers.
            for _ in range(8):
                stalled.send({"type": "resync"})
            tell_to_end(served)
            wait_until(lambda: ended(served), what="the end")

            assert served.process.exit_code() == 0


def test_second_wish_ends_it_at_once() -> None:
    with Served(RECORDING, drain="5m") as served:
        wait_until(lambda: served.get("/readyz").ok, what="a ready server")
        tell_to_end(served)
        wait_until(lambda: not served.get("/readyz").ok, what="an unready server")
        tell_to_end(served, signal.SIGINT)
        wait_until(lambda: ended(served), what="the end")

        assert served.process.exit_code() == 0


def refuses(served: Served) -> bool:
    try:
        served.get("/healthz")
    except requests.ConnectionError:
        return True
    return False
