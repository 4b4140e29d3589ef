"""Redis as a web process sees it: says what is wanted, reads what was told."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from redis.asyncio import Redis

from graph.core.engine import ViewSpec
from graph.core.wire import SourceFacts, SourceStatus
from graph.live.scaled import faces, scripts
from graph.live.scaled.faces import Told, Value
from graph.live.scaled.keys import Keys, digest_of, member

# A view or window is wanted for so long after a process has said so, and said again this often.
WANTED_S = 70.0
RENEWED_S = 10.0
# A view that nobody has renewed for half of its time may make room for another.
ABANDONED_S = WANTED_S / 2
_ASKED_KEPT_S = 30


@dataclass(frozen=True, slots=True)
class Feed:
    """What is told of a feed. ``ago_s``: how long ago; ``is_kept``: somebody keeps it now."""

    status: SourceStatus
    facts: SourceFacts
    ago_s: float
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A view as it lies there, when it was told, and whether it is still drawn."""

    told: Told | None
    ago_s: float
    is_kept: bool
    is_wanted: bool


class Outlook:
    """Every method raises RedisError."""

    def __init__(self, redis: Redis, keys: Keys, max_views: int) -> None:
        self.redis = redis
        self.keys = keys
        self._max_views = max_views
        self._want = redis.register_script(scripts.WANT)
        self._abandon = redis.register_script(scripts.ABANDON)

    async def want(
        self, window_s: int, spec: ViewSpec | None = None, *, again: bool = False
    ) -> bool:
        """Say that a window, or one of its views, is wanted; False when views run out.

        ``again``: it was wanted before, and goes on whatever else is.
        """
        view = member(spec) if spec else b""
        cap = 0 if again else self._max_views
        keys = [self.keys.windows, self.keys.views]
        arguments: list[Value] = [round(WANTED_S), window_s, view, cap, ABANDONED_S]
        return bool(await cast("Awaitable[Any]", self._want(keys=keys, args=arguments)))

    async def abandon(self, spec: ViewSpec) -> None:
        """Say that this process wants a view no more."""
        arguments: list[Value] = [ABANDONED_S, member(spec)]
        await cast("Awaitable[Any]", self._abandon(keys=[self.keys.views], args=arguments))

    async def ask(self, window_s: int) -> None:
        """Wake whoever keeps the window: something is wanted that is not drawn yet."""
        async with self.redis.pipeline() as pipeline:
            pipeline.lpush(self.keys.asked(window_s), 1)
            pipeline.ltrim(self.keys.asked(window_s), 0, 0)
            pipeline.expire(self.keys.asked(window_s), _ASKED_KEPT_S)
            await pipeline.execute()

    async def view(self, spec: ViewSpec) -> Seen:
        """Return what is known of a view. Raises Unreadable too."""
        async with self.redis.pipeline(transaction=False) as pipeline:
            pipeline.hmget(self.keys.view(digest_of(spec)), list(faces.FIELDS))
            pipeline.time()
            pipeline.exists(self.keys.lock(spec.window_s))
            pipeline.zscore(self.keys.views, member(spec))
            values, (seconds, micros), kept, until = await pipeline.execute()
        now = seconds + micros / 1e6
        told = faces.read(dict(zip(faces.FIELDS, values, strict=True)))
        ago_s = max(0.0, now - told.told_at) if told else 0.0
        return Seen(told, ago_s, bool(kept), until is not None and until > now)

    async def feeds(self, windows: list[int]) -> dict[int, Feed]:
        """Return what is known of the feeds of these windows that were told of lately."""
        async with self.redis.pipeline(transaction=False) as pipeline:
            pipeline.time()
            for window_s in windows:
                pipeline.hmget(self.keys.feed(window_s), ["status", "facts", "told_at"])
                pipeline.exists(self.keys.lock(window_s))
            (seconds, micros), *answers = await pipeline.execute()
        now = seconds + micros / 1e6
        return {
            window_s: Feed(
                orjson.loads(status),
                orjson.loads(facts),
                max(0.0, now - float(told_at)),
                bool(kept),
            )
            for window_s, (status, facts, told_at), kept in zip(
                windows, answers[::2], answers[1::2], strict=True
            )
            if status and facts and told_at
        }

    async def save(self, window_s: int, known_mark: str | None) -> tuple[str, bytes, float] | None:
        """Return the mark and bytes of the saved feed, and Redis' time; None if there is none.

        No bytes when the mark is ``known_mark``.
        """
        mark = await cast("Awaitable[Any]", self.redis.hget(self.keys.feed(window_s), "mark"))
        if mark is None:
            return None
        if mark.decode() == known_mark:
            return known_mark or "", b"", 0.0
        async with self.redis.pipeline(transaction=False) as pipeline:
            pipeline.hmget(self.keys.feed(window_s), ["mark", "state"])
            pipeline.time()
            (mark, save), (seconds, micros) = await pipeline.execute()
        if mark is None or save is None:
            return None
        return mark.decode(), save, seconds + micros / 1e6

    async def totals(self) -> Mapping[str, int]:
        """Return what the workers have counted."""
        found = await cast("Awaitable[Any]", self.redis.hgetall(self.keys.totals))
        return {name.decode(): int(value) for name, value in found.items()}
