"""A feed's state as bytes and back: another process carries on where one has ended.

One compressed JSON document. A name stands behind many links, accounts and histograms, so each is
written once, into a table, and meant by its place there; numbers are arrays of doubles, which keep
every bit. What an operator decided is not saved: who restores a state brings the rules.

    BadSave   the one error: these bytes are no save that this version can read
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from math import isnan, nan
from typing import Any, cast

import numpy as np
import orjson

from graph.core.accounts import COUNTERS, Account
from graph.core.census import Census
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.frame import apply
from graph.core.latency import Counts, Histograms
from graph.core.picture import Picture
from graph.core.readings import FastFacts, Readings, SlowFacts, Volume
from graph.core.rules import DEFAULT, MeshRules
from graph.core.tables import Book, Pages
from graph.core.wire import PROTOCOL_VERSION, Snapshot, SourceStatus

# To be raised with every change of what is written, or of what it means: while processes are
# replaced one by one, old and new ones find each other's saves.
FORMAT = 3
# Of 1,000 services 1.9 MB become 0.37 MB; level 6 makes it 0.27 MB in 3.5 times the time.
_LEVEL = 1

_DOUBLES = "<f8"


class BadSave(Exception):
    """The bytes are not a state that can be gone on with; ask the source anew."""


def saved(state: FeedState) -> bytes:
    """Return all that is remembered of a feed, but for the rules."""
    book = Book()
    readings = state.readings
    content = {
        "window_s": state.window_s,
        "status": state.status,
        "fetched_at": state.fetched_at,
        "slow_fetched_at": state.slow_fetched_at,
        "slow_due_at": state.slow_due_at,
        "slow_took_s": state.slow_took_s,
        "fast_took_s": state.fast_took_s,
        "at": readings.at if readings else None,
        "about_s": readings.window_s if readings else None,
        "fast": _fast(book, readings.fast) if readings else None,
        "slow": _slow(book, readings.slow) if readings and readings.slow else None,
    }
    # The tables are complete only now that everything else has been looked up in them.
    document = {"format": FORMAT, "tables": book.tables(), **content}
    return zlib.compress(orjson.dumps(document), _LEVEL)


def restored(save: bytes, rules: MeshRules = DEFAULT) -> FeedState:
    """Return the state that was saved, exactly; ``rules`` must be those that it was made by.

    Raises BadSave.
    """
    try:
        document = orjson.loads(zlib.decompress(save))
        found = document["format"]
        if found != FORMAT:
            raise BadSave(f"This is a save of format {found}; format {FORMAT} is understood.")
        return _state(document, rules)
    except (zlib.error, LookupError, TypeError, ValueError, StopIteration) as error:
        raise BadSave(f"This is no saved feed: {error!r}") from error


def restored_view(snapshot: Snapshot, spec: ViewSpec, slow_at: float) -> ViewState:
    """Return the view whose viewers have this snapshot on screen, to be drawn on from there.

    ``slow_at`` is the view's, which no snapshot tells. Raises BadSave for another view's picture.
    """
    try:
        if not _is_of(snapshot, spec):
            raise BadSave("This is the snapshot of another view.")
        return ViewState(
            spec,
            snapshot["epoch"],
            snapshot["seq"],
            snapshot["at"],
            slow_at,
            apply(Picture(), snapshot),
            tuple(snapshot["namespaces"]),
            _status(snapshot["source"]),
            snapshot["overview"],
        )
    except (LookupError, TypeError, ValueError) as error:
        raise BadSave(f"This is no snapshot: {error!r}") from error


def _is_of(snapshot: Snapshot, spec: ViewSpec) -> bool:
    overview = snapshot["overview"]
    shown = ViewSpec(
        overview["asked"] if overview else snapshot["graph_type"],
        snapshot["window_s"],
        tuple(snapshot["scope"]),
        snapshot["perspective"],
        snapshot["idle"],
        snapshot["waypoints"],
        snapshot["operations"],
        tuple(snapshot["collapsed"]),
        # No picture tells it; a view's name in Redis does.
        spec.permit,
    )
    return shown == spec and snapshot["protocol"] == PROTOCOL_VERSION


def _fast(book: Book, facts: FastFacts) -> dict[str, Any]:
    numbers: list[float] = []
    return {
        "at": facts.at,
        "series": facts.series,
        "waypoints": book.pairs.places(sorted(facts.waypoints)),
        "namespaces": facts.namespaces,
        "names_workloads": facts.names_workloads,
        "names": [book.peers.places(facts.names), book.names.places(facts.names.values())],
        "moved": [
            book.links.places(facts.census.moved),
            book.links.places(facts.census.moved.values()),
        ],
        "accounts": [
            (book.tellers.place(teller), *_account(book, account, numbers))
            for teller, account in facts.accounts.items()
        ],
        "numbers": _text_of(np.asarray(numbers)),
    }


def _account(book: Book, account: Account, numbers: list[float]) -> Sequence[list[int]]:
    """Return what an account's numbers are of, and write the numbers down."""
    numbers += account.outcomes.values()
    numbers += account.security.values()
    numbers += account.principals.values()
    numbers += account.hosts.values()
    numbers += (account.duration_sum_ms, account.duration_count)
    numbers += (_number(getattr(account, name)) for name in COUNTERS)
    return (
        book.outcomes.places(account.outcomes),
        [book.text(text) for text in account.security],
        book.pairs.places(account.principals),
        [book.text(text) for text in account.hosts],
    )


def _slow(book: Book, facts: SlowFacts) -> dict[str, Any]:
    volumes = [
        _number(number)
        for volume in facts.volumes.values()
        for number in (volume.sent_bps, volume.received_bps)
    ]
    return {
        "at": facts.at,
        "rows": [book.tellers.places(facts.rows), list(facts.rows.values())],
        "bounds_ms": _text_of(facts.histograms.bounds_ms),
        "rates": _text_of(facts.histograms.rows),
        "has": b64encode(np.packbits(facts.histograms.has).tobytes()).decode(),
        "volumes": [book.tellers.places(facts.volumes), _text_of(np.asarray(volumes))],
    }


def _state(document: Mapping[str, Any], rules: MeshRules) -> FeedState:
    pages = Pages(document["tables"])
    window_s = int(document["window_s"])
    readings = None
    if document["fast"] is not None:
        slow = None if document["slow"] is None else _read_slow(pages, document["slow"])
        readings = Readings(
            float(document["at"]),
            int(document["about_s"]),
            _read_fast(pages, document["fast"]),
            slow,
            rules,
        )
    return FeedState(
        window_s,
        readings,
        _status(document["status"]),
        _moment(document["fetched_at"]),
        _moment(document["slow_fetched_at"]),
        float(document["slow_due_at"]),
        rules,
        float(document["slow_took_s"]),
        float(document["fast_took_s"]),
    )


def _read_fast(pages: Pages, told: Mapping[str, Any]) -> FastFacts:
    take = iter(_numbers(told["numbers"]).tolist()).__next__
    peers, names = told["names"]
    here, there = told["moved"]
    return FastFacts(
        float(told["at"]),
        {
            pages.tellers[teller]: _read_account(pages, take, *of)
            for teller, *of in told["accounts"]
        },
        Census(
            {pages.peers[peer]: pages.names[name] for peer, name in zip(peers, names, strict=True)},
            {pages.links[old]: pages.links[new] for old, new in zip(here, there, strict=True)},
        ),
        int(told["series"]),
        frozenset(pages.pairs[place] for place in told["waypoints"]),
        tuple(told["namespaces"]),
        bool(told["names_workloads"]),
    )


def _read_account(
    pages: Pages,
    take: Callable[[], float],
    outcomes: list[int],
    security: list[int],
    principals: list[int],
    hosts: list[int],
) -> Account:
    # In the order of `_account`.
    return Account(
        {pages.outcomes[place]: take() for place in outcomes},
        {pages.texts[place]: take() for place in security},
        {pages.pairs[place]: take() for place in principals},
        {pages.texts[place]: take() for place in hosts},
        take(),
        take(),
        **{name: _unless_nan(take()) for name in COUNTERS},
    )


def _read_slow(pages: Pages, told: Mapping[str, Any]) -> SlowFacts:
    tellers, rows = told["rows"]
    bounds_ms = _numbers(told["bounds_ms"])
    shape = (len(tellers), len(bounds_ms))
    flags = np.frombuffer(b64decode(told["has"]), np.uint8)
    has = np.unpackbits(flags, count=shape[0] * shape[1]).astype(np.bool_).reshape(shape)
    told_of, numbers = told["volumes"]
    volumes = _numbers(numbers).reshape(len(told_of), 2).tolist()
    return SlowFacts(
        float(told["at"]),
        {pages.tellers[teller]: int(row) for teller, row in zip(tellers, rows, strict=True)},
        Histograms(bounds_ms, _numbers(told["rates"]).reshape(shape), has),
        {
            pages.tellers[teller]: Volume(*map(_unless_nan, pair))
            for teller, pair in zip(told_of, volumes, strict=True)
        },
    )


def _status(told: Any) -> SourceStatus:
    """Return the status, if it is one of this version."""
    if not isinstance(told, dict) or told.keys() != SourceStatus.__annotations__.keys():
        raise BadSave("This is no saved feed: its status has other fields.")
    return cast("SourceStatus", told)


def _moment(told: Any) -> float | None:
    return None if told is None else float(told)


def _number(value: float | None) -> float:
    # No sum is NaN: samples that are none are left out when they are read.
    return nan if value is None else value


def _unless_nan(value: float) -> float | None:
    return None if isnan(value) else value


def _text_of(numbers: Counts) -> str:
    return b64encode(np.ascontiguousarray(numbers, dtype=_DOUBLES).tobytes()).decode()


def _numbers(text: str) -> Counts:
    # A copy, since what is made of a text's bytes cannot be written to.
    return np.frombuffer(b64decode(text), dtype=_DOUBLES).astype(np.float64)
