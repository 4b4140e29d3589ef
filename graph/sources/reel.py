"""A recording in memory: every lane of every window, in the order of time."""

from array import array
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from graph.core.samples import Fault, Harvest, Lane, Sample
from graph.core.wire import Check, SourceFacts
from graph.sources.tape import FaultLine, HarvestLine, Line, bad, read

_NO_FACTS: SourceFacts = {
    "kind": "prometheus",
    "flavor": None,
    "url": "",
    "version": None,
    "scrape_interval_s": None,
    "clock_offset_s": None,
    "eras": [],
    "istio_versions": [],
    "scraped_times": None,
    "warnings": [],
}


@dataclass(frozen=True, slots=True)
class Take:
    """A harvest as it is kept: label sets by number, a tenth of the memory of samples."""

    harvest: Harvest
    columns: Mapping[str, tuple["array[int]", "array[float]"]]

    def play(self, labels: list[dict[str, str]]) -> Harvest:
        """Return the harvest as it was."""
        answers = {
            question: [Sample(labels[n], value) for n, value in zip(*columns, strict=True)]
            for question, columns in self.columns.items()
        }
        return replace(self.harvest, answers=answers)


@dataclass(slots=True)
class Track:
    """One lane of one window."""

    takes: list[tuple[float, Take | Fault]] = field(default_factory=list)

    def add(self, at: float, take: Take | Fault) -> None:
        """Put in what came for the moment ``at``."""
        insort(self.takes, (at, take), key=_moment)

    def at(self, moment: float) -> Take | Fault:
        """Return what was on at the moment; before the first, the first."""
        return self.takes[max(0, bisect_right(self.takes, moment, key=_moment) - 1)][1]


class Reel:
    """Everything that a file holds. Raises BadRecording when that is not enough to play."""

    def __init__(self, path: Path) -> None:
        self.labels: list[dict[str, str]] = []
        self.tracks: defaultdict[tuple[Lane, int], Track] = defaultdict(Track)
        self.facts: SourceFacts = _NO_FACTS
        self.scrape_interval_s: float | None = None
        # What the doctor said, and when.
        self.diagnosis: tuple[float, list[Check]] | None = None
        self._path = path
        self._everywhere: list[FaultLine] = []
        for number, line in read(path):
            if "meshviz" not in line:
                self._take(number, line)
        if not self.windows:
            raise bad(path, None, "holds no tick", "Record again, until the first tick is there.")
        for fault in self._everywhere:
            for lane, window_s in [key for key in self.tracks if key[0] == fault["lane"]]:
                self.tracks[lane, window_s].add(fault["at"], _fault(fault))

    @property
    def windows(self) -> list[int]:
        """The look-back windows that were recorded, in seconds."""
        return sorted(window_s for lane, window_s in self.tracks if lane == "fast")

    @property
    def moments(self) -> list[float]:
        """The moments of all ticks, by the clock of who answered."""
        tracks = [track for (lane, _), track in self.tracks.items() if lane == "fast"]
        return sorted({at for track in tracks for at, _ in track.takes})

    def harvests(self, lane: Lane, window_s: int) -> list[Harvest]:
        """Return every answer of a lane, in order."""
        takes = self.tracks[lane, window_s].takes if (lane, window_s) in self.tracks else []
        return [take.play(self.labels) for _, take in takes if isinstance(take, Take)]

    def _take(self, number: int, line: Line) -> None:
        match line["is"]:
            case "labels":
                self.labels += line["labels"]
            case "facts":
                self.facts = cast("SourceFacts", {**_NO_FACTS, **line["facts"]})
                self.scrape_interval_s = line["scrape_interval_s"]
            case "harvest":
                track = self.tracks[line["lane"], line["window_s"]]
                track.add(line["at"], self._pack(number, line))
            case "fault":
                if line["window_s"] is None:
                    self._everywhere.append(line)
                else:
                    self.tracks[line["lane"], line["window_s"]].add(line["at"], _fault(line))
            case "diagnosis":
                self.diagnosis = line["at"], line["checks"]

    def _pack(self, number: int, line: HarvestLine) -> Take:
        columns = {}
        for question, (numbers, values) in line["answers"].items():
            if len(numbers) != len(values):
                raise self._broken(number, f"has unequal columns in {question[:30]}")
            if numbers and not 0 <= min(numbers) <= max(numbers) < len(self.labels):
                raise self._broken(number, "names a label set that is not there")
            columns[question] = array("L", numbers), array("d", values)
        harvest = Harvest(
            line["at"],
            {},
            line["query_ms"],
            line["queries"],
            tuple(line["warnings"]),
            line["istio_series"],
            line["covered_s"],
            frozenset(line["waypoints"]),
            span_s=line.get("span_s"),
        )
        return Take(harvest, columns)

    def _broken(self, number: int, reason: str) -> Exception:
        return bad(self._path, number, reason, "The file was changed; copy it again.")


def _fault(line: FaultLine) -> Fault:
    return Fault(line["reason"], line["detail"], line["advice"])


def _moment(entry: tuple[float, Any]) -> float:
    return entry[0]
