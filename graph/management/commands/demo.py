"""``python manage.py demo``: a living mesh to look at, with nothing but this machine."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from graph.demo.scenarios import NAMES, TOUR, ScenarioError, resolve
from graph.demo.supervisor import Options, run
from graph.demo.synth import LARGEST, SMALLEST


class Command(BaseCommand):
    """Starts a simulated mesh, a Prometheus that scrapes it, and meshviz."""

    help = "Show a simulated mesh: starts a traffic simulator, a real Prometheus and meshviz."
    # The demo must start even where a check of the server would complain; serve says it better.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        add = parser.add_argument
        add("--port", type=_port, default=8000, help="of meshviz (default 8000; 0: a free one)")
        add(
            "--services",
            type=_services,
            default=0,
            help=f"add a made-up mesh of {SMALLEST} to {LARGEST} services to the named ones",
        )
        add(
            "--scenario",
            type=_scenario,
            default=TOUR,
            help=f"one of {', '.join(NAMES)} (default {TOUR}); NAME:full starts after its ramp",
        )
        add("--seed", type=_whole, default=1, help="same seed, same traffic (default 1)")
        add("--load", type=_factor, default=1.0, help="factor on every request rate (default 1)")
        add(
            "--scrape-interval",
            type=_seconds,
            default=None,
            help="how often Prometheus scrapes, 1s to 2m (default 5s; above 300 services 15s, "
            "above 1,000 60s)",
        )
        add(
            "--phase-offset", type=_seconds_in, default=0.0, help="start this far into the scenario"
        )
        add("--prometheus-port", type=_port, default=0, help="of Prometheus (default: a free one)")
        add(
            "--scaled",
            action="store_true",
            help="two servers (--port and the next one), two workers, beat and a Redis",
        )
        add(
            "--data-dir",
            type=Path,
            default=None,
            help="keep Prometheus' data and the logs here (default: a folder removed at the end)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C."""
        code = run(
            Options(
                port=options["port"],
                services=options["services"],
                scenario=options["scenario"],
                seed=options["seed"],
                scrape_interval_s=options["scrape_interval"],
                load=options["load"],
                phase_offset_s=options["phase_offset"],
                prometheus_port=options["prometheus_port"],
                data_dir=options["data_dir"],
                scaled=options["scaled"],
            ),
            self._say,
        )
        if code:
            sys.exit(code)

    def _say(self, line: str) -> None:
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError:
            # Nobody reads any more (the terminal is closed); the demo goes on until it is told
            # to stop, and Python must not stumble over the same words again at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _port(text: str) -> int:
    return _within(text, 0, 65535, "a port from 0 to 65535")


def _whole(text: str) -> int:
    return _within(text, 0, 2**31, "a whole number from 0 up")


def _services(text: str) -> int:
    return _within(text, SMALLEST, LARGEST, f"a whole number from {SMALLEST} to {LARGEST}")


def _within(text: str, low: int, high: int, accepted: str) -> int:
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f"{text!r} is not {accepted}")
    return int(text)


def _scenario(text: str) -> str:
    try:
        resolve(text)
    except ScenarioError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _seconds(text: str) -> float:
    return _number(text, 1, 120, "a time from 1s to 120s", unit="s")


def _seconds_in(text: str) -> float:
    return _number(text, 0, 86_400, "a time in seconds, 0 to 86400", unit="s")


def _factor(text: str) -> float:
    return _number(text, 0.01, 100, "a factor from 0.01 to 100")


def _number(text: str, low: float, high: float, accepted: str, unit: str = "") -> float:
    try:
        number = float(text.removesuffix(unit))
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {accepted}")
    return number
