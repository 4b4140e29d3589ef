"""The face of a view as it lies in Redis: what is written by keepers and read by web processes."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from graph.core.engine import ViewSpec, ViewState, snapshot
from graph.core.saving import BadSave, restored_view
from graph.core.wire import Delta, Snapshot, SourceStatus, Status
from graph.live.hub import encode
from graph.live.scaled.keys import Unreadable
from graph.live.text import Text

# A snapshot of 1,000 services is 4 MB and shrinks to a tenth; higher levels take longer for little.
_LEVEL = 1

Value = bytes | str | int | float


@dataclass(frozen=True, slots=True)
class Told:
    """What the newest write said of a view. ``told_at`` is when ``status`` was true, in unix
    seconds by Redis' clock; ``number`` counts writes."""

    epoch: str
    seq: int
    number: int
    kind: str
    told_at: float
    slow_at: float
    status: SourceStatus
    step: Text | None
    notice: Text | None
    packed: bytes

    def whole(self, status: SourceStatus | None = None) -> Text:
        """Return the whole picture, as it was written or with another status."""
        text = zlib.decompress(self.packed)
        status = status or (self.status if self.kind == "status" else None)
        if status is None:
            return Text(text.decode())
        return encode({**orjson.loads(text), "source": status})

    def snapshot(self) -> Snapshot:
        """Return the whole picture with the newest status that was told."""
        found: Snapshot = orjson.loads(zlib.decompress(self.packed))
        return {**found, "source": self.status}


def written(
    state: ViewState,
    frame: Snapshot | Delta | Status,
    text: Text,
    number: int,
    told_at: float,
    *,
    entire: bool,
) -> dict[str, Value]:
    """Return the fields to write for a frame.

    A status leaves the picture that lies there as it is, unless the write has to be ``entire``.
    """
    kind = frame["type"]
    fields: dict[str, Value] = {
        "number": number,
        "kind": kind,
        "told_at": told_at,
        "status": orjson.dumps(state.status),
        "notice": text if kind == "status" else "",
    }
    if kind == "status" and not entire:
        return fields
    whole = text if kind == "snapshot" else encode(snapshot(state, state.status))
    return {
        **fields,
        "epoch": state.epoch,
        "seq": state.seq,
        "slow_at": state.slow_at,
        "step": text if kind == "delta" else "",
        "whole": zlib.compress(whole.encode(), _LEVEL),
    }


FIELDS = (
    "epoch",
    "seq",
    "number",
    "kind",
    "told_at",
    "slow_at",
    "status",
    "step",
    "notice",
    "whole",
)


def read(values: Mapping[str, bytes | None]) -> Told | None:
    """Return what lies there; None when nothing does. Raises Unreadable."""
    found = {name: value for name, value in values.items() if value is not None}
    if len(found) < len(FIELDS):
        return None
    try:
        return Told(
            found["epoch"].decode(),
            int(found["seq"]),
            int(found["number"]),
            found["kind"].decode(),
            float(found["told_at"]),
            float(found["slow_at"]),
            orjson.loads(found["status"]),
            _text(found["step"]),
            _text(found["notice"]),
            found["whole"],
        )
    except ValueError as error:
        raise Unreadable(f"not the face of a view: {error}") from error


def _text(written: bytes) -> Text | None:
    return Text(written.decode()) if written else None


def view_state(told: Told, spec: ViewSpec) -> ViewState:
    """Return the state that the view's viewers are in. Raises Unreadable."""
    try:
        return restored_view(told.snapshot(), spec, told.slow_at)
    except (BadSave, ValueError, zlib.error) as error:
        raise Unreadable(str(error)) from error
