"""What a worker reads in Redis and leaves there besides faces: wishes, saved feeds, totals."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import orjson
from redis import Redis

from graph.core.engine import FeedState, ViewSpec
from graph.core.rules import MeshRules
from graph.core.saving import BadSave, restored, saved
from graph.core.wire import SourceFacts, SourceStatus
from graph.live.scaled import faces
from graph.live.scaled.faces import Told, Value
from graph.live.scaled.keys import Keys, Unreadable, digest_of, spec_of

log = logging.getLogger(__name__)

_TOTALS_KEPT_S = 7 * 86_400


class Stock:
    """Redis as a worker sees it. Every method raises RedisError."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self.redis = redis
        self.keys = keys

    def now(self) -> float:
        """Return Redis' time."""
        # The client's types leave open whether it is an asynchronous one.
        seconds, micros = cast("tuple[int, int]", self.redis.time())
        return seconds + micros / 1e6

    def wanted_windows(self) -> set[int]:
        """Return the windows that some web process wants."""
        members = self.redis.zrangebyscore(self.keys.windows, self.now(), "+inf")
        return {int(member) for member in cast("list[bytes]", members)}

    def wanted_views(self, window_s: int) -> list[ViewSpec]:
        """Return the views of a window that some web process wants."""
        members = self.redis.zrangebyscore(self.keys.views, self.now(), "+inf")
        specs = [_spec(member) for member in cast("list[bytes]", members)]
        return [spec for spec in specs if spec is not None and spec.window_s == window_s]

    def face(self, spec: ViewSpec) -> Told | None:
        """Return what was told of a view last, None if nothing was or nobody can read it."""
        values = self.redis.hmget(self.keys.view(digest_of(spec)), list(faces.FIELDS))
        found = dict(zip(faces.FIELDS, cast("list[bytes | None]", values), strict=True))
        told: Told | None = _unless_unreadable(lambda: faces.read(found))
        return told

    def keeper(self, window_s: int) -> str | None:
        """Return who kept a window last, None when that is not known any more."""
        found = cast("bytes | None", self.redis.hget(self.keys.feed(window_s), "keeper"))
        return None if found is None else found.decode()

    def feed(self, window_s: int, rules: MeshRules, ahead_s: float) -> FeedState | None:
        """Return the feed as it was saved, None if it was not or nobody can read it."""
        save = cast("bytes | None", self.redis.hget(self.keys.feed(window_s), "state"))
        if save is None:
            return None
        found: FeedState | None = _unless_unreadable(lambda: state_of(save, rules, ahead_s))
        return found

    def wait_for_wishes(self, window_s: int, timeout_s: float) -> bool:
        """Wait until somebody asks for something that is not drawn yet; False when nobody did."""
        asked = self.redis.blpop([self.keys.asked(window_s)], timeout=timeout_s)
        return asked is not None

    def add_queries(self, count: int) -> None:
        """Count queries that Prometheus was asked."""
        pipeline = self.redis.pipeline(transaction=False)
        pipeline.hincrby(self.keys.totals, "queries", count)
        pipeline.expire(self.keys.totals, _TOTALS_KEPT_S)
        pipeline.execute()


def feed_fields(status: SourceStatus, told_at: float, facts: SourceFacts) -> dict[str, Value]:
    """Return what is told of a feed with every tick: little enough for every web process."""
    return {
        "status": orjson.dumps(status),
        "told_at": told_at,
        "facts": orjson.dumps(facts),
    }


def save_fields(state: FeedState, mark: str, ahead_s: float) -> dict[str, Value]:
    """Return the feed itself, for whoever carries on or wants to explain a number."""
    return {"mark": mark, "state": saved(_shifted(state, ahead_s))}


def state_of(save: bytes, rules: MeshRules, ahead_s: float) -> FeedState:
    """Return a saved feed, in the times of this process's clock. Raises Unreadable."""
    try:
        return _shifted(restored(save, rules), -ahead_s)
    except BadSave as error:
        raise Unreadable(str(error)) from error


def _shifted(state: FeedState, by_s: float) -> FeedState:
    """Return a feed with its local times by another clock."""

    def shifted(moment: float | None) -> float | None:
        return None if moment is None else moment + by_s

    return replace(
        state,
        fetched_at=shifted(state.fetched_at),
        slow_fetched_at=shifted(state.slow_fetched_at),
        slow_due_at=state.slow_due_at + by_s if state.slow_due_at else 0.0,
    )


def _spec(member: bytes) -> ViewSpec | None:
    found: ViewSpec | None = _unless_unreadable(lambda: spec_of(member))
    return found


def _unless_unreadable(read: Callable[[], Any]) -> Any:
    """Return what is read; None for what another version wrote, which is made anew."""
    try:
        return read()
    except Unreadable as error:
        log.warning("Something in Redis cannot be read and is made anew: %s", error)
        return None
