"""A scenario as Prometheus blocks: hours of scrapes, made as fast as the simulator goes.

Every target's page is read at every scrape time of the logical clock and written as OpenMetrics
with time stamps, as a Prometheus with ``honor_labels`` would have stored it; promtool turns that
into blocks. Only stale markers are missing, which that format cannot carry.

    python -m graph.demo.backfill --scenario canary --seconds 600 --data-dir data
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from graph.demo.conditions import EffectError
from graph.demo.fields import TopologyError
from graph.demo.labels import text
from graph.demo.prometheus import NoPrometheusError, find_prometheus
from graph.demo.scenarios import NAMES, ScenarioError
from graph.demo.simulate import mesh_with, services_count
from graph.demo.simulator import STEP_S, Options, Simulator
from graph.demo.targets import JOB, Target, Targets

# How often discovery looks for targets: the refresh interval of the demo's Prometheus.
REFRESH_S = 5.0

_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class BackfillError(RuntimeError):
    """promtool refused what was written; the message holds its words."""


@dataclass(frozen=True, slots=True)
class Recording:
    """How the imagined Prometheus scrapes. ``labels`` are put on every series, as by its job."""

    interval_s: float = 5.0
    labels: Mapping[str, str] = field(default_factory=dict)
    # False renames what a page says of itself to exported_*, as Prometheus does by default.
    honor_labels: bool = True
    # Metrics that are thrown away, as by metric_relabel_configs; a pattern that matches them whole.
    drop: str = ""


class Scraper:
    """Reads pages and returns what a Prometheus would store of them, as lines of OpenMetrics."""

    def __init__(self, targets: Targets, recording: Recording) -> None:
        self._targets = targets
        self._recording = recording
        self._known: list[Target] = []
        self._series: dict[tuple[str, bytes], bytes] = {}

    def refresh(self) -> None:
        """Discover the targets anew."""
        self._known = self._targets.all()

    def scrape(self, step: int, at: float) -> Iterator[bytes]:
        """Yield the lines of every target that is due at this step."""
        for target in self._known:
            every = round((target.interval_s or self._recording.interval_s) / STEP_S)
            # As in Prometheus, targets are spread over the interval by a hash of their own.
            if step % every == crc32(target.path.encode()) % every:
                yield from self._scrape(target, at)

    def _scrape(self, target: Target, at: float) -> Iterator[bytes]:
        page = self._targets.page(target.path)
        stamp = b"%.3f" % at
        count = 0
        for line in page.body.split(b"\n") if page else ():
            if not line or line.startswith(b"#"):
                continue
            # Neither value nor time stamp holds a brace, label values may.
            end = line.rfind(b"}") + 1 or line.index(b" ")
            value, *own = line[end:].split()
            told = b"%.3f" % (int(own[0]) / 1000) if own else stamp
            if stored := self._stored(target, line[:end]):
                yield b"%s %s %s\n" % (stored, value, told)
                count += 1
        yield from self._about(target, {"up": int(page is not None), SCRAPED: count}, stamp)

    def _about(self, target: Target, facts: Mapping[str, int], stamp: bytes) -> Iterator[bytes]:
        for name, value in facts.items():
            yield b"%s %d %s\n" % (self._stored(target, name.encode()), value, stamp)

    def _stored(self, target: Target, series: bytes) -> bytes:
        key = (target.labels.get("job", "") + target.path, series)
        stored = self._series.get(key)
        if stored is None:
            stored = self._series[key] = self._labelled(target, series.decode()).encode()
        return stored

    def _labelled(self, target: Target, series: str) -> str:
        name, _, inside = series.partition("{")
        if re.fullmatch(self._recording.drop, name):
            return ""
        said = dict(_LABEL.findall(inside))
        attached = {"job": JOB, **target.labels, **self._recording.labels}
        if not self._recording.honor_labels:
            said = {f"exported_{k}" if k in attached else k: value for k, value in said.items()}
        escaped = {k: _escaped(value) for k, value in attached.items()} | said
        # Prometheus takes an empty label for none at all.
        kept = ",".join(f'{k}="{value}"' for k, value in escaped.items() if value)
        return f"{name}{{{kept}}}"


SCRAPED = "scrape_samples_post_metric_relabeling"


def _escaped(value: str) -> str:
    _, _, quoted = text((("v", value),)).decode().partition("=")
    return quoted[1:-1]


def record(
    simulator: Simulator, seconds: float, recording: Recording, sink: Callable[[bytes], object]
) -> None:
    """Let this much time pass in the mesh, and write every scrape of it."""
    scraper = Scraper(Targets(simulator), recording)
    for step in range(round(seconds / STEP_S)):
        if step % round(REFRESH_S / STEP_S) == 0:
            scraper.refresh()
        simulator.step()
        sink(b"".join(scraper.scrape(step, simulator.at)))


def find_promtool() -> Path:
    """Return the program, which comes with every Prometheus."""
    beside = find_prometheus().parent / "promtool"
    found = str(beside) if beside.exists() else shutil.which("promtool")
    if not found:
        raise NoPrometheusError(f"There is no promtool beside {beside}, nor on PATH.")
    return Path(found)


def create_blocks(openmetrics: Path, data: Path) -> None:
    """Turn a file of OpenMetrics into blocks in a Prometheus' data folder."""
    command = [str(find_promtool()), "tsdb", "create-blocks-from", "--quiet", "openmetrics"]
    done = subprocess.run(
        [*command, str(openmetrics), str(data)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackfillError(f"promtool refused {openmetrics}: {done.stderr.strip()}")


def backfill(simulator: Simulator, seconds: float, recording: Recording, data: Path) -> None:
    """Let this much time pass in the mesh, and leave it as blocks in a data folder."""
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=".openmetrics") as file:
        record(simulator, seconds, recording, file.write)
        file.write(b"# EOF\n")
        file.flush()
        create_blocks(Path(file.name), data)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write blocks that end now; return the exit code."""
    given = _parser().parse_args(arguments)
    options = Options(given.scenario, given.seed, given.load)
    try:
        mesh = mesh_with(given.scenario, given.services, given.seed)
        simulator = Simulator(mesh, options, time.time() - given.seconds)
        backfill(simulator, given.seconds, Recording(given.scrape_interval), given.data_dir)
    except (
        *(TopologyError, ScenarioError, EffectError),
        *(BackfillError, NoPrometheusError, OSError),
    ) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m graph.demo.backfill", description=__doc__)
    parser.add_argument("--scenario", default="steady", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--services", type=services_count, default=0, help="synthetic services")
    parser.add_argument("--load", type=float, default=1.0, help="factor on every request rate")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long; it ends now")
    parser.add_argument("--scrape-interval", type=float, default=5.0, help="seconds")
    parser.add_argument("--data-dir", type=Path, required=True, help="Prometheus' data folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
