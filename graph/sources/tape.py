"""The file format of recordings: one JSON object per line, gzipped or plain.

    {"meshviz": "recording", "format": 1, "by": "0.3.0", "scrubbed": "no"}     always first
    {"is": "facts", ...}      what is known of the source; again whenever it changes
    {"is": "labels", ...}     label sets, numbered on from those before
    {"is": "harvest", ...}    one lane's answers: numbers of label sets, and values beside them
    {"is": "fault", ...}      why a lane was not answered
    {"is": "diagnosis", ...}  what the doctor found
    {"is": "end", ...}        always last: without it, something is missing

A mesh says the same label sets on every tick; writing them once makes a tick little more than its
numbers.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NotRequired

import orjson
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from graph.core.samples import Lane
from graph.core.wire import Check
from graph.sources.base import Rejected

FORMAT = 1
# A line is a lane of one tick; that of a mesh of 10,000 services has 60 MB.
_LINE_BYTES_MAX = 256 * 1024 * 1024
_GZIP = b"\x1f\x8b"

Reason = Literal["unreachable", "timeout", "rejected", "garbled", "window_too_short"]
Column = tuple[list[int], list[float]]


class BadRecording(Rejected):
    """The file is no recording that can be played."""


class Header(TypedDict):
    """The first line."""

    meshviz: Literal["recording"]
    format: int
    by: str
    scrubbed: Literal["no", "hosts", "all"]


FactsLine = TypedDict(
    "FactsLine",
    {"is": Literal["facts"], "facts": dict[str, Any], "scrape_interval_s": float | None},
)
LabelsLine = TypedDict("LabelsLine", {"is": Literal["labels"], "labels": list[dict[str, str]]})
HarvestLine = TypedDict(
    "HarvestLine",
    {
        "is": Literal["harvest"],
        "lane": Lane,
        "window_s": int,
        "at": float,
        "query_ms": float,
        "queries": int,
        "warnings": list[str],
        "istio_series": int | None,
        "covered_s": float | None,
        # Older recordings know no spans.
        "span_s": NotRequired[int | None],
        "waypoints": list[tuple[str, str]],
        "answers": dict[str, Column],
    },
)
FaultLine = TypedDict(
    "FaultLine",
    {
        "is": Literal["fault"],
        "lane": Lane,
        # None: it failed before a window was asked for, so for all of them.
        "window_s": int | None,
        "at": float,
        "reason": Reason,
        "detail": str,
        "advice": str,
    },
)
DiagnosisLine = TypedDict(
    "DiagnosisLine", {"is": Literal["diagnosis"], "at": float, "checks": list[Check]}
)
EndLine = TypedDict("EndLine", {"is": Literal["end"], "ticks": int})

Line = FactsLine | LabelsLine | HarvestLine | FaultLine | DiagnosisLine | EndLine

_KINDS: Mapping[str, TypeAdapter[Any]] = {
    "facts": TypeAdapter(FactsLine),
    "labels": TypeAdapter(LabelsLine),
    "harvest": TypeAdapter(HarvestLine),
    "fault": TypeAdapter(FaultLine),
    "diagnosis": TypeAdapter(DiagnosisLine),
    "end": TypeAdapter(EndLine),
}
_HEADER: TypeAdapter[Header] = TypeAdapter(Header)


def read(path: Path) -> Iterator[tuple[int, Header | Line]]:
    """Yield every line with its number, the header first. Raises BadRecording."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == _GZIP
            raw.seek(0)
            yield from _lines(path, gzip.GzipFile(fileobj=raw) if zipped else raw)
    except OSError as error:
        # gzip's own complaints are OSErrors too, without a number.
        words = error.strerror or "it is damaged"
        raise bad(
            path, None, f"cannot be read: {words}", "Check the path, or copy it again."
        ) from None


def _lines(path: Path, file: Any) -> Iterator[tuple[int, Header | Line]]:
    number = 0
    line: Header | Line | None = None
    try:
        while text := file.readline(_LINE_BYTES_MAX):
            number += 1
            line = _header(path, text) if number == 1 else _line(path, number, text)
            yield number, line
    except (EOFError, zlib.error):
        raise _cut(path, number) from None
    if number == 0:
        raise _foreign(path, "it is empty")
    if line is None or dict(line).get("is") != "end":
        raise _cut(path, number)


def _header(path: Path, text: bytes) -> Header:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _foreign(path, "its first line is not JSON") from None
    if not isinstance(content, dict) or content.get("meshviz") != "recording":
        raise _foreign(path, 'its first line does not say {"meshviz": "recording"}')
    version = content.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise bad(
            path,
            1,
            f"has format {version}, made by meshviz {str(content.get('by'))[:30]}; this one reads "
            f"up to format {FORMAT}",
            "Play it with a newer meshviz.",
        )
    return _checked(path, 1, _HEADER, content)  # type: ignore[no-any-return]


def _line(path: Path, number: int, text: bytes) -> Line:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if not text.endswith(b"\n"):
            raise _cut(path, number) from None
        raise _broken(path, number, str(error)) from None
    kind = content.get("is") if isinstance(content, dict) else None
    adapter = _KINDS.get(kind) if isinstance(kind, str) else None
    if adapter is None:
        raise _broken(path, number, f"no kind of line is called {str(kind)[:30]!r}")
    return _checked(path, number, adapter, content)  # type: ignore[no-any-return]


def _checked(path: Path, number: int, adapter: TypeAdapter[Any], content: object) -> Any:
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _broken(path, number, f"{where}: {first['msg']}") from None


def bad(path: Path, line: int | None, reason: str, advice: str) -> BadRecording:
    """Return the error that says what is wrong with the file, and where."""
    where = "" if line is None else f", line {line},"
    return BadRecording(f"The recording {path.name}{where} {reason}.", advice)


def _foreign(path: Path, reason: str) -> BadRecording:
    return bad(
        path, None, f"is not one of meshviz: {reason}", "Recordings are made by `manage.py record`."
    )


def _broken(path: Path, line: int, reason: str) -> BadRecording:
    return bad(path, line, f"cannot be read: {reason}", "Copy the file again, or record anew.")


def _cut(path: Path, line: int) -> BadRecording:
    return bad(
        path,
        None,
        f"breaks off after line {line}",
        "The copy was cut short, or it is the .partial file of a recorder that was killed.",
    )
