"""Recordings of real Prometheus servers, and what tests need to use them.

`demo.jsonl.gz` is the demo mesh while payments fail. It is made by

    make demo ARGS="--scenario payments-503:full"
    manage.py record --prometheus-url ... --ticks 3 --output tests/recordings/demo.jsonl.gz --force
"""

from pathlib import Path

from graph.core.samples import Harvest, Lane
from graph.sources.recording import Recording, open_recording

FOLDER = Path(__file__).parent


def recording(name: str) -> Recording:
    """Return the recording of this name, as a source."""
    return open_recording(FOLDER / f"{name}.jsonl.gz")


def harvests(name: str, lane: Lane = "fast") -> list[Harvest]:
    """Return every answer of a lane in the recording, in order."""
    return recording(name).harvests(lane)
