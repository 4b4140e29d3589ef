"""``python manage.py record``: what a Prometheus answers, in a file that can be played back."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never, TypeVar, cast

from django.core.management.base import BaseCommand, CommandParser

from graph import poll
from graph.core import engine
from graph.core.cadence import period_s
from graph.core.engine import FeedState
from graph.doctor import diagnose
from graph.management.asking import add_address, habits, settings_for, source_for
from graph.sources import Source
from graph.sources.recorder import Recorder, TapeWriter
from graph.sources.scrub import Extent, Scrubber
from graph.stopping import StopSign
from meshviz import __version__, config, parsing

T = TypeVar("T")

_FOREVER = 10**9  # ticks or seconds: until Ctrl-C


@dataclass(frozen=True, slots=True)
class Wish:
    """How much to record."""

    windows: tuple[int, ...]
    ticks: int
    seconds: float


class Command(BaseCommand):
    """Polls a Prometheus as the server would, and keeps every answer."""

    help = (
        "Record what Prometheus answers into a file, to be played back with "
        "MESHVIZ_PROMETHEUS_URL=recording:FILE. Ends by itself, or with Ctrl-C."
    )
    # A recording needs no page and no host names.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        add = parser.add_argument
        add("--output", type=Path, required=True, metavar="FILE", help="the file to write")
        length = parser.add_mutually_exclusive_group()
        length.add_argument("--ticks", type=_ticks, help="end after this many ticks")
        length.add_argument(
            "--for", type=_duration, dest="seconds", metavar="2m", help="end after this long"
        )
        add(
            "--window",
            type=_window,
            action="append",
            metavar="1m",
            help="a look-back window, repeatable (default: MESHVIZ_WINDOW)",
        )
        add(
            "--scrub",
            nargs="?",
            const="hosts",
            choices=("hosts", "all"),
            help="replace hosts and principals by pseudonyms; with =all also the names of "
            "namespaces, workloads, services and clusters",
        )
        add_address(parser)
        add("--force", action="store_true", help="overwrite the file if there is one")

    def handle(self, **options: Any) -> None:
        """Record until the wish is fulfilled or the user has enough."""
        settings = settings_for(self, options["prometheus_url"])
        path: Path = options["output"]
        if path.exists() and not options["force"]:
            self._leave(2, f"{path} exists already; --force overwrites it.")
        wish = Wish(
            tuple(dict.fromkeys(options["window"] or [settings.window])),
            options["ticks"] or _FOREVER,
            options["seconds"] or _FOREVER,
        )
        scrub = cast("Extent | None", options["scrub"])
        source = source_for(self, settings)
        try:
            tape = TapeWriter(path, __version__, Scrubber(scrub) if scrub else None)
        except OSError as error:
            self._leave(2, f"{path} cannot be written: {error.strerror}.")
        try:
            self._record(settings, source, tape, wish)
        except BaseException:
            tape.abandon()
            raise
        finally:
            source.close()
        self._finish(path, tape)

    def _record(
        self, settings: config.Config, source: Source, tape: TapeWriter, wish: Wish
    ) -> None:
        recorder = Recorder(source, tape)
        states = {w: engine.start_feed(w, settings.interval) for w in wish.windows}
        diagnosed = False
        with told_to_stop() as stop:
            started = time.monotonic()
            for tick in range(1, wish.ticks + 1):
                before = time.monotonic()
                for window_s, state in states.items():
                    states[window_s] = poll.advance(recorder, state, time.time())
                took_s = time.monotonic() - before
                self._report(tick, states[wish.windows[0]], tape)
                if tape.answered and not diagnosed:
                    diagnosed = self._diagnose(settings, source, tape)
                delay_s = period_s(settings.interval, took_s, settings.query_budget) - took_s
                left_s = wish.seconds - (time.monotonic() - started)
                if tick == wish.ticks or left_s <= delay_s or stop.wait(delay_s):
                    break

    def _diagnose(self, settings: config.Config, source: Source, tape: TapeWriter) -> bool:
        """Put the doctor's findings on the tape, for whoever has to make sense of it."""
        found = diagnose(source, habits(settings), time.time())
        tape.diagnosis(found["at"], found["checks"])
        return True

    def _report(self, tick: int, state: FeedState, tape: TapeWriter) -> None:
        status = state.status
        if status["state"] in ("stale", "down"):
            self._say(f"tick {tick}: {status['detail']}")
            return
        self._say(
            f"tick {tick}: {tape.label_sets:,} label sets, {_kilobytes(tape.size)} so far, "
            f"answered in {(status['query_ms'] or 0) / 1000:.1f} s"
        )

    def _finish(self, path: Path, tape: TapeWriter) -> None:
        if not tape.answered:
            tape.abandon()
            self._leave(1, "Nothing was recorded: Prometheus never answered.")
        size = tape.finish()
        self._say(f"{path}: {tape.ticks} ticks, {_kilobytes(size)}.")
        self._say(f"Play it with MESHVIZ_PROMETHEUS_URL=recording:{path}")

    def _leave(self, code: int, words: str) -> Never:
        self.stderr.write(words, self.style.ERROR)
        sys.exit(code)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def told_to_stop() -> Iterator[StopSign]:
    """Yield a sign that Ctrl-C and SIGTERM set; a second one has its usual effect."""
    stop = StopSign()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}

    def heard(number: int, frame: object) -> None:
        stop.set()
        for each, handler in before.items():
            signal.signal(each, handler)

    for number in numbers:
        signal.signal(number, heard)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _kilobytes(size: int) -> str:
    return f"{size / 1000:,.1f} kB"


def _ticks(text: str) -> int:
    return _parsed(parsing.whole_between(1, 1_000_000), text)


def _duration(text: str) -> float:
    return _parsed(parsing.duration_between("1s", "24h"), text)


def _window(text: str) -> int:
    return _parsed(parsing.whole_seconds("10s", "24h"), text)


def _parsed(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
