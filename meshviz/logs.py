"""How a log line looks: as text for people, or as JSON for machines; with nothing secret in it.

Standard library and orjson: what packages for structured logs add are processors and wrappers, and
what is needed here is a formatter, two of them.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Set
from datetime import UTC, datetime
from typing import Any

import orjson

from meshviz.hidden import KnownSecrets
from meshviz.journal import current

# Shorter texts stand in too many lines by chance to be taken out of all of them.
_SHORTEST = 6
_HIDDEN = "***"
_PATTERNS = (
    # Authorization: Basic ..., Proxy-Authorization, "authorization": "Bearer ..."
    (re.compile(r"(?i)\b(authorization\W{1,4})(?:(?:basic|bearer)\s+)?[^\s'\",]+"), r"\1***"),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]{6,}"), r"\1***"),
    (re.compile(r"(?i)\b((?:set-)?cookie\W{1,4})[^\r\n]+"), r"\1***"),
    # user:password@ of an address, be it in the middle of a word
    (re.compile(r"://[^\s/@'\"]*@"), "://***@"),
    (
        re.compile(
            r"(?i)\b([\w-]*(?:password|passwd|secret|token|api_?key)[\w-]*['\"]?\s?[=:]\s?['\"]?)"
            r"[^\s'\"&,;]+"
        ),
        r"\1***",
    ),
)
# What could end a line, move a cursor or turn the direction of writing.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINES = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


class Redaction:
    """Takes secrets out of a text: those that are known, and what looks like one.

    The last line of defence. Nothing that is logged should have one in it to begin with.
    """

    def __init__(self, secrets: Callable[[], Set[str]] = frozenset) -> None:
        self._secrets = secrets
        self._seen: Set[str] = frozenset()
        self._known: re.Pattern[str] | None = None

    def __call__(self, text: str) -> str:
        known = self._pattern()
        if known is not None:
            text = known.sub(_HIDDEN, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text

    def _pattern(self) -> re.Pattern[str] | None:
        secrets = self._secrets()
        if secrets is not self._seen:
            known = sorted((one for one in secrets if len(one) >= _SHORTEST), key=len, reverse=True)
            self._known = re.compile("|".join(map(re.escape, known))) if known else None
            self._seen = secrets
        return self._known


class _Formatter(logging.Formatter):
    def __init__(self, secrets: Callable[[], Set[str]] = frozenset) -> None:
        super().__init__()
        self._redact = Redaction(secrets)

    def _message(self, record: logging.LogRecord) -> str:
        return _CONTROL.sub(_escaped, self._redact(record.getMessage()))

    def _trace(self, record: logging.LogRecord) -> str:
        """Return the traceback, of which no line can be taken for a record of its own."""
        if not record.exc_info:
            return ""
        text = _CONTROL_BUT_LINES.sub(_escaped, self._redact(self.formatException(record.exc_info)))
        return "\n".join(f"    {line}" for line in text.split("\n"))


class Text(_Formatter):
    """2026-11-27 10:00:00,123 WARNING graph.poll: what happened (request 3f2a...)"""

    def format(self, record: logging.LogRecord) -> str:
        seen = current()
        request = f" (request {seen.id})" if seen else ""
        line = f"{self.formatTime(record)} {record.levelname:<7} {record.name}: "
        line += self._message(record) + request
        trace = self._trace(record)
        return f"{line}\n{trace}" if trace else line


class Json(_Formatter):
    """One JSON object a line; what a record brings along under "fields" is a part of it."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if seen := current():
            told["request_id"] = seen.id
        told.update(getattr(record, "fields", {}))
        if trace := self._trace(record):
            told["exception"] = trace
        return orjson.dumps(told, default=str).decode()


def has_traceback(record: logging.LogRecord) -> bool:
    """Tell whether a record is about a mistake rather than a refusal."""
    return record.exc_info is not None


def formatter(kind: str) -> logging.Formatter:
    """Return the formatter of this process: "text" or "json"."""
    return (Json if kind == "json" else Text)(KnownSecrets(os.environ))


class OnceInAWhile(logging.Filter):
    """Lets a message of somebody else's code through once a minute, whatever its details.

    Celery tells of every try to reach a Redis that is away.
    """

    _QUIET_S = 60.0

    def __init__(self) -> None:
        super().__init__()
        self._said_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind, now = f"{record.name} {record.msg}"[:200], time.monotonic()
        if now - self._said_at.get(kind, -self._QUIET_S) < self._QUIET_S:
            return False
        if len(self._said_at) > 100:  # messages that are never the same are not what this is for
            self._said_at.clear()
        self._said_at[kind] = now
        return True


class Seldom(OnceInAWhile):
    """The same for warnings that anybody can bring about as often as they like; errors all pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or super().filter(record)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
