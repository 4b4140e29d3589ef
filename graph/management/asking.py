"""What the commands that ask Prometheus have in common."""

import os
import sys

from django.core.management.base import BaseCommand, CommandParser

from graph.doctor import Habits
from graph.sources import Source
from meshviz import config
from meshviz.opening import mesh_rules, open_configured


def add_address(parser: CommandParser) -> None:
    """Declare the option for another Prometheus than the one in the settings."""
    parser.add_argument("--prometheus-url", help="instead of MESHVIZ_PROMETHEUS_URL")


def settings_for(command: BaseCommand, url: str | None) -> config.Config:
    """Return the settings with this address, or end with exit code 2 and the reason."""
    try:
        return config.load(config.replaced(os.environ, prometheus_url=url), complete=True)
    except config.ConfigError as error:
        command.stderr.write(str(error), command.style.ERROR)
        sys.exit(2)


def source_for(command: BaseCommand, settings: config.Config) -> Source:
    """Return the source of the settings, or end with exit code 2 and the reason."""
    try:
        return open_configured(settings)
    except config.ConfigError as error:
        command.stderr.write(str(error), command.style.ERROR)
        sys.exit(2)


def habits(settings: config.Config) -> Habits:
    """Return how these settings ask, for the doctor to judge by."""
    return Habits(
        window_s=settings.window,
        windows_s=settings.windows,
        interval_s=settings.interval,
        budget=settings.query_budget,
        mesh=mesh_rules(settings),
    )
