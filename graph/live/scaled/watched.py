"""A view that this process's viewers watch, as far as it is known here: its faces and its age."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from graph.core.engine import ViewState, snapshot
from graph.core.wire import SourceStatus
from graph.live.hub import Face, View, encode
from graph.live.scaled.faces import Told

_TROUBLES: dict[str, tuple[str, str]] = {
    "no_worker": (
        "No meshviz worker asks Prometheus at present.",
        "Start `manage.py worker` and `manage.py beat` with the same settings as this server, or "
        "look into their logs.",
    ),
    "no_redis": (
        "Redis does not answer, so nothing arrives of what workers see.",
        "Check that Redis runs at the address in MESHVIZ_REDIS_URL. meshviz keeps trying.",
    ),
}

Trouble = Literal["no_worker", "no_redis"]

# A picture that is older than so many times what was planned, and than the longest that a question
# takes besides, is not what Prometheus says now.
_OVERDUE = 3
_ASKING_S = 10.0


def aged(status: SourceStatus, by_s: float) -> SourceStatus:
    """Return a status as it reads so many seconds later."""
    age_s, slow_age_s = status["age_s"], status["slow_age_s"]
    return {
        **status,
        "age_s": None if age_s is None else round(age_s + by_s, 1),
        "slow_age_s": None if slow_age_s is None else round(slow_age_s + by_s, 1),
    }


def troubled(status: SourceStatus, trouble: Trouble | None) -> SourceStatus:
    """Return a status that says why there is nothing newer: the last picture stays, dimmed."""
    if trouble is None:
        return _unless_overdue(status)
    detail, advice = _TROUBLES[trouble]
    state: Literal["stale", "down"] = "down" if status["age_s"] is None else "stale"
    return {**status, "state": state, "reason": trouble, "detail": detail, "advice": advice}


def _unless_overdue(status: SourceStatus) -> SourceStatus:
    """Return the status, which is not one of new numbers when they are far older than planned.

    Such a picture was left by whoever was watching last, or by a worker that ended.
    """
    age_s = status["age_s"]
    planned_s = max(status["interval_s"], status["cadence_s"] or 0.0)
    due_s = _OVERDUE * planned_s + _ASKING_S
    if age_s is None or status["state"] not in ("ok", "empty") or age_s <= due_s:
        return status
    return {
        **status,
        "state": "stale",
        "reason": "overdue",
        "detail": f"The last numbers are {age_s:.0f} s old; new ones are being asked for.",
        "advice": "",
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What was told, and when its status was true, by the monotonic clock."""

    told: Told
    true_at: float


class Watched:
    """One view of this process. ``blank`` is what it shows before anything was told."""

    def __init__(self, view: View, blank: Callable[[], ViewState]) -> None:
        self.view = view
        self.turn = asyncio.Lock()
        self.arrived = asyncio.Event()
        self.said_at = time.monotonic()  # when viewers heard something last
        self._blank = blank
        self._known: _Known | None = None

    @property
    def number(self) -> int | None:
        """The number of the face that is known, None before the first."""
        return self._known.told.number if self._known else None

    def is_known(self, told: Told) -> bool:
        known = self._known
        return known is not None and (known.told.epoch, known.told.number) == (
            told.epoch,
            told.number,
        )

    def put_on(self, told: Told, ago_s: float, *, fresh: bool, trouble: Trouble | None) -> None:
        """Show what was told so many seconds ago: as it was told if it is fresh, else with the
        age and the trouble that it has by now."""
        now = time.monotonic()
        self._known = _Known(told, now - ago_s)
        self.arrived.set()
        if fresh and trouble is None:
            self.said_at = now
            self.view.show(
                Face(
                    told.epoch,
                    told.seq,
                    kind=told.kind,
                    whole=told.whole,
                    step=told.step,
                    notice=told.notice,
                )
            )
        else:
            self.say(trouble)

    def say(self, trouble: Trouble | None) -> None:
        """Tell how old the picture is by now, and what is wrong."""
        now = self.said_at = time.monotonic()
        if self._known is None:
            self._say_blank(trouble)
            return
        told = self._known.told
        status = self.status(now, trouble)
        face = Face(
            told.epoch,
            told.seq,
            kind="status",
            whole=lambda: told.whole(status),
            step=told.step,
            notice=encode({"type": "status", "source": status}),
        )
        self.view.show(face)

    def status(self, now: float, trouble: Trouble | None) -> SourceStatus:
        """Return the status at a monotonic time."""
        if self._known is None:
            return troubled(self._blank().status, trouble)
        return troubled(aged(self._known.told.status, now - self._known.true_at), trouble)

    def _say_blank(self, trouble: Trouble | None) -> None:
        state = self._blank()
        status = troubled(state.status, trouble)
        notice = encode({"type": "status", "source": status})
        kind = "status" if self.view.face else "snapshot"
        face = Face(
            state.epoch,
            state.seq,
            kind=kind,
            whole=lambda: encode(snapshot(state, status)),
            notice=notice,
        )
        self.view.show(face)
