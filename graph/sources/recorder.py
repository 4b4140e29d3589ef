"""Writes recordings: a source that remembers what another one answers."""

import gzip
import math
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from graph.core.samples import Fault, Harvest, Lane, Sample
from graph.core.wire import Check, SourceFacts
from graph.sources.base import Source, SourceError
from graph.sources.scrub import Scrubber
from graph.sources.tape import FORMAT
from graph.sources.wrapped import Wrapped


class TapeWriter:
    """Writes a recording beside its final name, and moves it there when it is complete.

    Safe to use from several threads: both lanes write.
    """

    def __init__(self, path: Path, by: str, scrubber: Scrubber | None = None) -> None:
        self._path = path
        self._partial = path.with_name(path.name + ".partial")
        self._scrubber = scrubber
        self._numbers: dict[tuple[tuple[str, str], ...], int] = {}
        self._lock = threading.Lock()
        self._facts: dict[str, Any] | None = None
        # Ticks on the tape, and those of them that Prometheus answered.
        self.ticks = 0
        self.answered = 0
        self._raw: BinaryIO = self._partial.open("wb")
        # Without a time and a name of its own, so that equal recordings are equal files.
        self._file = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", mtime=0)
        scrubbed = scrubber.extent if scrubber else "no"
        self._put({"meshviz": "recording", "format": FORMAT, "by": by, "scrubbed": scrubbed})

    @property
    def size(self) -> int:
        """Bytes on disk so far."""
        return self._raw.tell()

    @property
    def label_sets(self) -> int:
        """How many different label sets were seen so far."""
        return len(self._numbers)

    def facts(self, facts: SourceFacts, scrape_interval_s: float | None) -> None:
        """Write what is known of the source, if that is news; clocks always differ a little."""
        shown = self._scrubber.facts(facts) if self._scrubber else facts
        lasting = {**shown, "clock_offset_s": None, "scrape_interval_s": scrape_interval_s}
        with self._lock:
            if lasting != self._facts:
                self._facts = lasting
                self._put({"is": "facts", "facts": shown, "scrape_interval_s": scrape_interval_s})

    def harvest(self, lane: Lane, window_s: int, harvest: Harvest) -> None:
        """Write one lane's answers."""
        with self._lock:
            fresh: list[Mapping[str, str]] = []
            answers = {
                question: self._column(rows, fresh) for question, rows in harvest.answers.items()
            }
            if fresh:
                scrub = self._scrubber.labels if self._scrubber else dict
                self._put({"is": "labels", "labels": [scrub(labels) for labels in fresh]})
            self._put(
                {
                    "is": "harvest",
                    "lane": lane,
                    "window_s": window_s,
                    "at": harvest.at,
                    "query_ms": harvest.query_ms,
                    "queries": harvest.queries,
                    "warnings": self._texts(harvest.warnings),
                    "istio_series": harvest.istio_series,
                    "covered_s": harvest.covered_s,
                    "span_s": harvest.span_s,
                    "waypoints": sorted(self._names(pair) for pair in harvest.waypoints),
                    "answers": answers,
                }
            )
            self.ticks += lane == "fast"
            self.answered += lane == "fast"
            # Whatever happens next, what was answered is on disk.
            self._file.flush()

    def fault(self, lane: Lane, window_s: int | None, at: float, fault: Fault) -> None:
        """Write that a lane was not answered."""
        hidden = f"The question failed ({fault.reason}); its words were scrubbed."
        with self._lock:
            self._put(
                {
                    "is": "fault",
                    "lane": lane,
                    "window_s": window_s,
                    "at": at,
                    "reason": fault.reason,
                    "detail": hidden if self._scrubber else fault.detail,
                    "advice": "" if self._scrubber else fault.advice,
                }
            )
            self.ticks += lane == "fast"

    def diagnosis(self, at: float, checks: Sequence[Check]) -> None:
        """Write what the doctor found."""
        scrub = self._scrubber.check if self._scrubber else _as_it_is
        with self._lock:
            self._put({"is": "diagnosis", "at": at, "checks": [scrub(check) for check in checks]})

    def finish(self) -> int:
        """Complete the file, give it its name and return its size in bytes."""
        with self._lock:
            self._put({"is": "end", "ticks": self.ticks})
            self._file.close()
            size = self._raw.tell()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            self._partial.replace(self._path)
        return size

    def abandon(self) -> None:
        """Leave no file behind."""
        self._file.close()
        self._raw.close()
        self._partial.unlink(missing_ok=True)

    def _put(self, line: Mapping[str, Any]) -> None:
        self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def _column(
        self, rows: Sequence[Sample], fresh: list[Mapping[str, str]]
    ) -> tuple[list[int], list[float | str]]:
        numbers: list[int] = []
        values: list[float | str] = []
        for labels, value in rows:
            key = tuple(labels.items())
            number = self._numbers.get(key)
            if number is None:
                number = self._numbers[key] = len(self._numbers)
                fresh.append(labels)
            numbers.append(number)
            # JSON has no words for these; as texts they survive.
            values.append(value if math.isfinite(value) else str(value))
        return numbers, values

    def _texts(self, texts: Sequence[str]) -> list[str]:
        return self._scrubber.texts(list(texts)) if self._scrubber else list(texts)

    def _names(self, pair: tuple[str, str]) -> tuple[str, str]:
        if self._scrubber is None:
            return pair
        namespace, workload = pair
        return self._scrubber.name(namespace), self._scrubber.name(workload)


def _as_it_is(check: Check) -> Check:
    return check


class Recorder(Wrapped):
    """A source that answers as another does, and writes every answer of a lane down.

    Whoever polls it, with whatever pace and lanes, is recorded as it is. What else is asked of it
    is handed on and not recorded.
    """

    def __init__(self, source: Source, tape: TapeWriter) -> None:
        super().__init__(source)
        self._tape = tape

    def prepare(self, now: float) -> None:
        """Find out what has to be known before asking, and write it down."""
        try:
            self._source.prepare(now)
        except SourceError as error:
            self._tape.fault("fast", None, self._source.time_at(now), error.fault())
            raise
        self._tape.facts(self._source.facts(), self._source.scrape_interval_s)

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        """Return the lane's answers; they, or the failure, are on the tape by then."""
        try:
            harvest = self._source.fetch(lane, window_s, at, brief=brief)
        except SourceError as error:
            self._tape.fault(lane, window_s, at, error.fault())
            raise
        self._tape.harvest(lane, window_s, harvest)
        return harvest
