"""Reads what a client asks to see, the same way for REST and websocket, and strictly.

A parameter that is unknown, repeated or malformed is an error that names it: a silently ignored
"namespcae=shop" would show the whole mesh to somebody who believes to see one namespace.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from graph.core.engine import ViewSpec
from graph.core.permit import Permit
from graph.core.wire import ErrorFrame, GraphType, Perspective, Resync

GRAPH_TYPES: tuple[GraphType, ...] = get_args(GraphType)
DEFAULT_TYPE: GraphType = "workload"
PERSPECTIVES: tuple[Perspective, ...] = get_args(Perspective)
# Parameters that describe a view, in REST and in the socket's address.
VIEW_PARAMETERS = (
    *("type", "window", "namespace", "perspective"),
    *("idle", "waypoints", "operations", "collapse"),
)
MAX_NAMESPACES = (
    100  # a longer filter is a script gone wrong, and every filter is a view of its own
)
# Kubernetes allows 63 letters, but labels also come from elsewhere: VMs, other registries.
_NAMESPACE_LENGTH = 300
_NAMESPACE_FORM = f"a namespace as the snapshot lists it: 1 to {_NAMESPACE_LENGTH} characters"
_UNIX_TIME = re.compile(r"[0-9]{1,10}(\.[0-9]{1,20})?")
_TIME_FORM = "unix seconds (1795186800) or RFC 3339 (2026-11-20T15:00:00Z)"
# A "+" that was not percent-encoded arrives as a space.
_SPACE_BEFORE_ZONE = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")

Query = Mapping[str, Sequence[str]]


class BadParameter(ValueError):
    """The client asked for something that does not exist."""

    def __init__(self, parameter: str, detail: str, accepted: str) -> None:
        super().__init__(detail)
        self.parameter = parameter
        self.detail = detail
        self.accepted = accepted

    def frame(self) -> ErrorFrame:
        """Return the error as the websocket says it."""
        return {
            "type": "error",
            "parameter": self.parameter,
            "detail": self.detail,
            "accepted": self.accepted,
        }


@dataclass(frozen=True, slots=True)
class Windows:
    """The look-back windows that may be asked for, by the name people use ("5m")."""

    seconds: Mapping[str, int]
    default: str

    def named(self, name: str) -> int:
        if name not in self.seconds:
            raise BadParameter("window", "no such look-back window", ", ".join(self.seconds))
        return self.seconds[name]

    def name(self, window_s: int) -> str:
        return next(name for name, seconds in self.seconds.items() if seconds == window_s)


def refuse_unknown(query: Query, *known: str) -> None:
    """Raise BadParameter for the first name that is not known."""
    for name in query:
        if name not in known:
            raise BadParameter(name[:63], "no such parameter", ", ".join(known))


def single(query: Query, name: str) -> str | None:
    """Return the one value of a parameter, None when it is absent."""
    values = query.get(name, ())
    if len(values) > 1:
        raise BadParameter(name, "given more than once", f"{name} once")
    return values[0] if values else None


def view_spec(query: Query, windows: Windows, permit: Permit) -> ViewSpec:
    """Return the view that `type`, `window` and `namespace` describe, for who has this permit."""
    kind = single(query, "type")
    window = single(query, "window")
    perspective = single(query, "perspective")
    return ViewSpec(
        DEFAULT_TYPE if kind is None else _graph_type("type", kind),
        windows.named(windows.default if window is None else window),
        _namespaces("namespace", query.get("namespace", ())),
        "auto" if perspective is None else _perspective(perspective),
        _flag("idle", single(query, "idle")),
        _flag("waypoints", single(query, "waypoints")),
        _flag("operations", single(query, "operations")),
        _namespaces("collapse", query.get("collapse", ())),
        permit,
    )


def moment(query: Query, now: float, name: str = "at") -> float | None:
    """Return the moment in unix seconds, None when it is absent and now is meant."""
    text = single(query, name)
    if text is None:
        return None
    at = _unix_time(name, text)
    if at > now + 1:
        raise BadParameter(name, "in the future", _TIME_FORM)
    # Prometheus' own precision, so that an answer's `at` asks for the same moment again.
    return round(at, 3)


def client_message(message: object, windows: Windows, permit: Permit) -> ViewSpec | Resync:
    """Return what a websocket client wants: another view, or the present one anew."""
    if not isinstance(message, dict):
        raise BadParameter("message", "not a JSON object", '{"type": "view"|"resync", ...}')
    match message.get("type"):
        case "resync":
            _refuse_extra(message, {"type"})
            return {"type": "resync"}
        case "view":
            _refuse_extra(message, _VIEW_FIELDS)
            return _view_request(message, windows, permit)
    raise BadParameter("type", "no such message", "view, resync")


_VIEW_FIELDS = {
    *("type", "graph_type", "window", "namespaces"),
    *("perspective", "idle", "waypoints", "operations", "collapsed"),
}


def _view_request(message: dict[str, Any], windows: Windows, permit: Permit) -> ViewSpec:
    window = message.get("window")
    namespaces = message.get("namespaces")
    if not isinstance(window, str):
        raise BadParameter("window", "missing or not a text", ", ".join(windows.seconds))
    if not isinstance(namespaces, list):
        raise BadParameter("namespaces", "missing or not a list", "a list of namespace names")
    collapsed = message.get("collapsed", [])
    if not isinstance(collapsed, list):
        raise BadParameter("collapsed", "not a list", "a list of namespace names")
    return ViewSpec(
        _graph_type("graph_type", message.get("graph_type")),
        windows.named(window),
        _namespaces("namespaces", namespaces),
        _perspective(message.get("perspective", "auto")),
        _switch("idle", message.get("idle", False)),
        _switch("waypoints", message.get("waypoints", False)),
        _switch("operations", message.get("operations", False)),
        _namespaces("collapsed", collapsed),
        permit,
    )


def _refuse_extra(message: dict[str, Any], known: set[str]) -> None:
    for name in message:
        if name not in known:
            raise BadParameter(str(name)[:63], "no such field", ", ".join(sorted(known)))


def _graph_type(parameter: str, value: object) -> GraphType:
    for kind in GRAPH_TYPES:
        if value == kind:
            return kind
    raise BadParameter(parameter, "no such graph type", ", ".join(GRAPH_TYPES))


def _perspective(value: object) -> Perspective:
    for perspective in PERSPECTIVES:
        if value == perspective:
            return perspective
    raise BadParameter("perspective", "no such perspective", ", ".join(PERSPECTIVES))


def _flag(name: str, text: str | None) -> bool:
    if text in (None, "true", "false"):
        return text == "true"
    raise BadParameter(name, "neither true nor false", "true, false")


def _switch(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise BadParameter(name, "neither true nor false", "true, false")


def _namespaces(parameter: str, values: Sequence[object]) -> tuple[str, ...]:
    if len(values) > MAX_NAMESPACES:
        detail = f"{len(values)} namespaces are too many"
        raise BadParameter(parameter, detail, f"at most {MAX_NAMESPACES}")
    names: set[str] = set()
    for value in values:
        if not isinstance(value, str) or not 1 <= len(value) <= _NAMESPACE_LENGTH:
            raise BadParameter(parameter, "not a namespace name", _NAMESPACE_FORM)
        names.add(value)
    return tuple(sorted(names))


def _unix_time(name: str, text: str) -> float:
    if _UNIX_TIME.fullmatch(text):
        return float(text)
    try:
        moment = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("+", text))
    except ValueError:
        raise BadParameter(name, "not a time", _TIME_FORM) from None
    if moment.tzinfo is None:
        raise BadParameter(name, "a time without its zone", _TIME_FORM)
    return moment.timestamp()
