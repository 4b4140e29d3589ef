"""A websocket may be told anything: who talks nonsense is closed, and everybody else watches on."""

import contextlib
import random
from collections.abc import Iterator

import pytest

from tests.attack.frames import BINARY, CLOSE, CONTINUED, PING, TEXT, bytes_of, frame, message
from tests.attack.frames import shake_hands as shake
from tests.attack.raw import calm, is_over, memory_mb, pause, rest
from tests.served import Served, Watcher
from tests.stack import wait_until

SOCKETS = 200
MESSAGES = 15  # a socket may say twenty things in ten seconds


@pytest.fixture(scope="module")
def bystander(served: Served) -> Iterator[Watcher]:
    with served.watch("type=service") as viewer:
        viewer.next("snapshot")
        yield viewer


@pytest.mark.parametrize("seed", range(2))
def test_broken_frames_close_one_socket_and_reach_nobody_else(
    served: Served, bystander: Watcher, seed: int
) -> None:
    chance = random.Random(seed)
    before = memory_mb(served)
    with calm(served):
        for _ in range(SOCKETS):
            with shake(served) as connection, contextlib.suppress(ConnectionError):
                for _ in range(chance.randrange(1, 4)):
                    connection.sendall(bytes_of(chance))
        bystander.next("delta", "status")

    wait_until(lambda: served.status()["viewers"] == 1, what="the sockets to be gone")
    assert memory_mb(served) - before < 30


@pytest.mark.parametrize("seed", range(2))
def test_odd_messages_are_answered_with_what_would_have_been_right(
    served: Served, bystander: Watcher, seed: int
) -> None:
    chance = random.Random(seed)
    with calm(served):
        for _ in range(12):
            with served.watch() as viewer:
                for _ in range(MESSAGES):
                    said = message(chance)
                    with contextlib.suppress(UnicodeDecodeError):
                        viewer.send(said.decode())
                viewer.next("snapshot", "delta", "status")
        bystander.next("delta", "status")


@pytest.mark.parametrize(
    ("sent", "code"),
    {
        "too long": (frame(b"x" * 5000), 1009),
        "too long in pieces": (
            frame(b"x" * 3000, final=False) + frame(b"x" * 3000, CONTINUED),
            1009,
        ),
        "claims to be huge": (frame(b"", length=2**62), 1009),
        "not masked": (frame(b"{}", masked=False), 1002),
        "reserved bits": (frame(b"{}", reserved=4), 1002),
        "unknown opcode": (frame(b"{}", 5), 1002),
        "no text": (frame(b"\xff\xfe"), 1007),
        "no text in pieces": (frame(b"\xc3", final=False) + frame(b"\x28", CONTINUED), 1007),
        "nothing to continue": (frame(b"{}", CONTINUED), 1002),
        "ping in pieces": (frame(b"", PING, final=False), 1002),
        "long ping": (frame(b"x" * 126, PING), 1002),
        "half a close code": (frame(b"\x03", CLOSE), 1002),
        "close code of nobody": (frame(b"\x03\xed", CLOSE), 1002),
    }.values(),
)
def test_what_breaks_the_protocol_is_closed_with_its_code(
    served: Served, sent: bytes, code: int
) -> None:
    with calm(served), shake(served) as connection:
        connection.sendall(sent)
        told = rest(connection)

        # Pictures may be on their way; the close is the last that comes.
        assert code.to_bytes(2, "big") in told[-125:]
        assert is_over(connection)


def test_empty_pieces_without_end_are_cut_off(served: Served) -> None:
    before = memory_mb(served)
    with shake(served) as connection:
        connection.sendall(frame(b"", TEXT, final=False))
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                connection.sendall(frame(b"", CONTINUED, final=False) * 5000)
        wait_until(lambda: is_over(connection), what="the end of it")

    assert memory_mb(served) - before < 20


def test_answers_to_pings_do_not_pile_up_for_who_reads_none(served: Served) -> None:
    pings = frame(b"p" * 125, PING) * 2000
    before = memory_mb(served)
    with shake(served) as connection, contextlib.suppress(ConnectionError, TimeoutError):
        connection.settimeout(5)
        for _ in range(150):  # 40 MB, and as much of answers
            connection.sendall(pings)

    assert memory_mb(served) - before < 20
    assert served.get("/healthz").status_code == 200


def test_flood_of_messages_is_closed(served: Served) -> None:
    with served.watch() as viewer:
        for _ in range(100):
            viewer.send({"type": "resync"})
        assert viewer.close_code() == 4429


def test_flood_of_binary_messages_is_closed(served: Served) -> None:
    with shake(served) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(frame(b"x" * 100, BINARY) * 200)
        closed = (4429).to_bytes(2, "big")
        wait_until(lambda: closed in rest(connection, 0.5) or is_over(connection))


def test_who_does_not_answer_a_close_is_let_go(served: Served) -> None:
    connection = shake(served, "type=nonsense")
    with connection:
        rest(connection, 1.0)
        for _ in range(30):
            if is_over(connection):
                break
            pause(0.5)
        else:
            pytest.fail("the socket stays open for who never answers")
