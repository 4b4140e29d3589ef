"""The engine: a pure step from answers to frames.

A *feed* is one look-back window. `absorb_fast`, `absorb_slow` and `absorb_fault` turn its state
with every answer; the last good readings stay when an answer fails. A *view* is a feed drawn as one
graph type and scope; `render` compares it with what its viewers already have.

    FeedState --absorb--> FeedState          ViewState --render(feed)--> (ViewState, frame)

No clock in here: `now` and ages are arguments, in unix seconds by the caller's clock.
"""

from dataclasses import dataclass, replace

from graph.core.bounds import Limits, bounded
from graph.core.discretion import status_for
from graph.core.frame import diff
from graph.core.permit import EVERYTHING, NOTHING, Permit, names_seen
from graph.core.picture import Picture
from graph.core.readings import Readings, SlowFacts, read_fast
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Fault, Harvest
from graph.core.topology import Look
from graph.core.verdict import (
    STALE_SLOW,
    gap_in_scrapes,
    nothing_in_scope,
    nothing_permitted,
    span_warnings,
    verdict,
    window_warnings,
)
from graph.core.wire import (
    PROTOCOL_VERSION,
    Delta,
    GraphType,
    Overview,
    Perspective,
    Snapshot,
    SourceStatus,
    Status,
)


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that is remembered of one window between ticks.

    ``fetched_at`` is the local time of the moment that the last good answer is about; ages are
    told from it. ``fast_took_s`` and ``slow_took_s`` are what a question to a lane usually takes.
    """

    window_s: int
    readings: Readings | None
    status: SourceStatus
    fetched_at: float | None = None
    slow_fetched_at: float | None = None
    slow_due_at: float = 0.0
    rules: MeshRules = DEFAULT
    slow_took_s: float = 0.0
    fast_took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """What a viewer watches. ``namespaces`` is sorted; empty means all."""

    graph_type: GraphType
    window_s: int
    namespaces: tuple[str, ...]
    perspective: Perspective = "auto"
    idle: bool = False
    waypoints: bool = False
    operations: bool = False
    # Namespaces drawn as one node each; sorted.
    collapsed: tuple[str, ...] = ()
    # What its viewers may see: those who may see the same share the view.
    permit: Permit = EVERYTHING

    @property
    def look(self) -> Look:
        """How the topology is looked at."""
        return Look(
            self.graph_type,
            self.namespaces,
            self.perspective,
            self.idle,
            self.waypoints,
            self.operations,
            self.collapsed,
            self.permit,
        )


@dataclass(frozen=True, slots=True)
class ViewState:
    """What every viewer of a view has on screen after frame ``seq`` of ``epoch``."""

    spec: ViewSpec
    epoch: str
    seq: int
    at: float
    # Evaluation time of the slow lane's part, 0 before it came.
    slow_at: float
    picture: Picture
    namespaces: tuple[str, ...]
    status: SourceStatus
    # Why namespaces are drawn although something finer is watched.
    overview: Overview | None = None


def start_feed(window_s: int, interval_s: float, rules: MeshRules = DEFAULT) -> FeedState:
    """Return the state of a feed that has not been asked yet."""
    return FeedState(
        window_s,
        None,
        {
            "state": "empty",
            "reason": "starting",
            "detail": "Waiting for the first answer from Prometheus.",
            "advice": "",
            "warnings": [],
            "age_s": None,
            "slow_age_s": None,
            "scrape_interval_s": None,
            "interval_s": interval_s,
            "cadence_s": None,
            "slow_cadence_s": None,
            "queries": 0,
            "query_ms": None,
        },
        rules=rules,
    )


def absorb_fast(
    state: FeedState,
    harvest: Harvest,
    scrape_interval_s: float | None,
    now: float,
    behind_s: float = 0.0,
) -> FeedState:
    """Return the state after a good answer of the fast lane, about ``behind_s`` before ``now``."""
    facts = read_fast(harvest, state.rules)
    slow = state.readings.slow if state.readings else None
    reason, detail, advice = verdict(facts, harvest, state.window_s)
    is_empty = reason is not None
    span_s = harvest.span_s or state.window_s
    gap = gap_in_scrapes(span_s, harvest.covered_s, scrape_interval_s)
    if gap and not is_empty:
        reason, detail, advice = "gap", gap, "Wait, or choose a longer window."
    status: SourceStatus = {
        **state.status,
        "state": "empty" if is_empty else "ok",
        "reason": reason,
        "detail": detail,
        "advice": advice,
        "warnings": [
            *harvest.warnings,
            *window_warnings(state.window_s, scrape_interval_s),
            *span_warnings(state.window_s, harvest.span_s),
        ],
        "scrape_interval_s": scrape_interval_s,
        "queries": harvest.queries,
        "query_ms": round(harvest.query_ms, 1),
    }
    readings = Readings(harvest.at, span_s, facts, slow, state.rules)
    fresh = replace(state, readings=readings, fetched_at=now - behind_s, status=status)
    return replace(fresh, status=with_age(fresh, now))


def absorb_slow(
    state: FeedState,
    harvest: Harvest,
    facts: SlowFacts,
    due_at: float,
    now: float,
    behind_s: float = 0.0,
) -> FeedState:
    """Return the state after a good answer of the slow lane, about ``behind_s`` before ``now``.

    The next is due at ``due_at``. ``facts`` are the harvest's, read beforehand: that takes long
    enough to be worth a thread.
    """
    if state.readings is None:
        return replace(state, slow_due_at=due_at)
    readings = replace(state.readings, slow=facts)
    status: SourceStatus = {
        **state.status,
        "warnings": sorted({*state.status["warnings"], *harvest.warnings}),
        "queries": state.status["queries"] + harvest.queries,
        "query_ms": round((state.status["query_ms"] or 0.0) + harvest.query_ms, 1),
    }
    fresh = replace(
        state,
        readings=readings,
        status=status,
        slow_fetched_at=now - behind_s,
        slow_due_at=due_at,
    )
    return replace(fresh, status=with_age(fresh, now))


def note_slow_fault(state: FeedState, fault: Fault, due_at: float, now: float) -> FeedState:
    """Return the state after only the slow lane failed: its old facts stay, with their age."""
    status: SourceStatus = {
        **state.status,
        "warnings": [
            *state.status["warnings"],
            f"{STALE_SLOW}: {fault.detail}",
        ],
    }
    fresh = replace(state, status=status, slow_due_at=due_at)
    return replace(fresh, status=with_age(fresh, now))


def absorb_fault(
    state: FeedState, fault: Fault, scrape_interval_s: float | None, now: float
) -> FeedState:
    """Return the state after a failed answer: the last good readings stay, with their age."""
    status: SourceStatus = {
        **state.status,
        "state": "stale" if state.readings else "down",
        "reason": fault.reason,
        "detail": fault.detail,
        "advice": fault.advice,
        "warnings": list(fault.warnings),
        "scrape_interval_s": scrape_interval_s,
    }
    fresh = replace(state, status=status)
    return replace(fresh, status=with_age(fresh, now))


def with_cadence(state: FeedState, cadence_s: float, slow_cadence_s: float | None) -> FeedState:
    """Return the state with what is planned: seconds from tick to tick, None for not yet."""
    status: SourceStatus = {
        **state.status,
        "cadence_s": round(cadence_s, 1),
        "slow_cadence_s": None if slow_cadence_s is None else round(slow_cadence_s, 1),
    }
    return replace(state, status=status)


def with_age(state: FeedState, now: float) -> SourceStatus:
    """Return the feed's status with its ages as of ``now``."""
    return {
        **state.status,
        "age_s": _age(state.fetched_at, now),
        "slow_age_s": _age(state.slow_fetched_at, now),
    }


def _age(since: float | None, now: float) -> float | None:
    # A clock that was set back must not make data come from the future.
    return None if since is None else round(max(0.0, now - since), 1)


def workloads_suffice(state: FeedState) -> bool:
    """Tell whether every named peer has a workload, so that questions may leave out the rest.

    As the proxies tell it themselves: a peer that was recognised later is still told without one.
    """
    return state.readings is not None and state.readings.fast.names_workloads


def render(
    previous: ViewState | None,
    feed: FeedState,
    spec: ViewSpec,
    epoch: str,
    limits: Limits | None = None,
) -> tuple[ViewState, Snapshot | Delta | Status]:
    """Return the view's next state and the frame that takes its viewers there.

    A first frame is a snapshot. New readings make a delta, with the next number, or a snapshot when
    the picture grew past its limits or became small enough again; without new readings only the
    source's status is told, and the number stays.
    """
    readings = feed.readings
    if previous is None:
        state = _first(feed, spec, epoch, limits)
        return state, snapshot(state, state.status)
    if readings is None or (readings.at, _slow_at(readings)) == (previous.at, previous.slow_at):
        status = _view_status(feed, spec, previous.picture)
        return replace(previous, status=status), {"type": "status", "source": status}
    state = _drawn(readings, feed, previous, limits)
    if state.overview != previous.overview:
        return state, snapshot(state, state.status)
    put, drop = diff(previous.picture, state.picture)
    return state, {
        "type": "delta",
        "epoch": epoch,
        "seq": state.seq,
        "at": state.at,
        "source": state.status,
        "namespaces": None if state.namespaces == previous.namespaces else list(state.namespaces),
        "put": put,
        "drop": drop,
    }


def _slow_at(readings: Readings | None) -> float:
    return readings.slow.at if readings and readings.slow else 0.0


def _first(feed: FeedState, spec: ViewSpec, epoch: str, limits: Limits | None) -> ViewState:
    told = status_for(spec.permit, feed.status)
    blank = ViewState(spec, epoch, 0, 0.0, 0.0, Picture(), (), told)
    if feed.readings is None:
        return replace(blank, seq=1)
    return _drawn(feed.readings, feed, blank, limits)


def _drawn(
    readings: Readings, feed: FeedState, before: ViewState, limits: Limits | None
) -> ViewState:
    """Return the view after the one before, drawn from these readings."""
    spec = before.spec
    # Numbers that were too low are no measure of what chance makes of the right ones.
    shown = Picture() if before.status["reason"] == "gap" else before.picture
    picture, overview = bounded(readings, spec.look, shown, limits, before.overview)
    return ViewState(
        spec,
        before.epoch,
        before.seq + 1,
        readings.at,
        _slow_at(readings),
        picture,
        names_seen(spec.permit, readings.fast.namespaces),
        _view_status(feed, spec, picture),
        overview,
    )


def snapshot(view: ViewState, status: SourceStatus) -> Snapshot:
    """Return the whole picture of a view, for newcomers and for those who missed a frame."""
    return {
        "type": "snapshot",
        "protocol": PROTOCOL_VERSION,
        "epoch": view.epoch,
        "seq": view.seq,
        "at": view.at,
        "window_s": view.spec.window_s,
        "graph_type": "namespace" if view.overview else view.spec.graph_type,
        "overview": view.overview,
        "scope": list(view.spec.namespaces),
        "perspective": view.spec.perspective,
        "idle": view.spec.idle,
        "waypoints": view.spec.waypoints,
        "operations": view.spec.operations,
        "collapsed": list(view.spec.collapsed),
        "namespaces": list(view.namespaces),
        "source": status,
        "nodes": list(view.picture.nodes.values()),
        "edges": list(view.picture.edges.values()),
    }


def _view_status(feed: FeedState, spec: ViewSpec, picture: Picture) -> SourceStatus:
    """Return the feed's status, or why this view alone is empty, or alone is not."""
    status = status_for(spec.permit, feed.status)
    if spec.idle and feed.status["reason"] == "no_traffic" and picture.edges:
        return {**status, "state": "ok", "reason": None, "advice": ""}
    if status["state"] != "ok" or picture.edges:
        return status
    if spec.permit == NOTHING:
        return nothing_permitted(status)
    if spec.permit or spec.namespaces:
        return nothing_in_scope(status, spec.namespaces, spec.window_s)
    return status
