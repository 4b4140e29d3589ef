"""Answers that many threads want at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.live.memo import Memo


def test_value_is_made_once_for_all_who_ask_at_once() -> None:
    memo: Memo[str, object] = Memo(4)
    made: list[object] = []
    begun, go_on = threading.Event(), threading.Event()

    def make() -> object:
        begun.set()
        go_on.wait(10)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(memo.get, "key", make) for _ in range(8)]
        assert begun.wait(10)
        go_on.set()
        values = {id(answer.result(10)) for answer in answers}

    assert len(made) == 1
    assert values == {id(made[0])}


def test_oldest_value_is_forgotten_first() -> None:
    memo: Memo[int, int] = Memo(2)
    made: list[int] = []

    def get(key: int) -> int:
        return memo.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    for key in (1, 2, 1, 3, 1, 2):
        assert get(key) == key

    assert made == [1, 2, 3, 2]


def test_failure_is_not_remembered() -> None:
    memo: Memo[str, int] = Memo(2)

    def fail() -> int:
        raise LookupError("not today")

    with pytest.raises(LookupError):
        memo.get("key", fail)

    assert memo.get("key", lambda: 7) == 7
