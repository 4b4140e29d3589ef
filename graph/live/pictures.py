"""Pictures for REST callers: drawn from a feed when nobody watches the view, and kept a while."""

from dataclasses import replace

from graph.core.bounds import Limits
from graph.core.engine import FeedState, ViewSpec, ViewState, render, snapshot, with_age
from graph.core.wire import Snapshot
from graph.live.clock import steady_now
from graph.live.memo import Memo

_KEPT = 32  # pictures that REST callers asked for and nobody watches


class Pictures:
    """Draws views for single callers; callers of the same view and tick share a drawing."""

    def __init__(self, epoch: str, limits: Limits | None = None) -> None:
        self._epoch = epoch
        self._limits = limits
        self._kept: Memo[tuple[ViewSpec, float, float], ViewState] = Memo(_KEPT)

    def of(self, spec: ViewSpec, feed: FeedState, watched: ViewState | None = None) -> Snapshot:
        """Return a view as its viewers see it, or else as a drawing of its own.

        For threads. Its status has the ages of this moment.
        """
        at, slow_at = _moments(feed)
        if watched is not None and watched.at == at:
            drawn = watched
        else:
            drawn = self._kept.get((spec, at, slow_at), lambda: self._drawn(feed, spec))
        aged = replace(feed, status=with_age(feed, steady_now()))
        # Not drawn again, as nothing is newer; it only settles what the status says today.
        state, _ = render(drawn, aged, spec, self._epoch, self._limits)
        return snapshot(state, state.status)

    def _drawn(self, feed: FeedState, spec: ViewSpec) -> ViewState:
        return render(None, feed, spec, self._epoch, self._limits)[0]


def _moments(feed: FeedState) -> tuple[float, float]:
    if feed.readings is None:
        return 0.0, 0.0
    return feed.readings.at, feed.readings.slow.at if feed.readings.slow else 0.0
