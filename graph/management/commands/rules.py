"""``python manage.py rules``: recording rules that make polls cheaper, for Prometheus to load."""

import os
import sys
import time
from typing import Any, Never

from django.core.management.base import BaseCommand, CommandParser

from graph.management.asking import add_address, source_for
from graph.sources import SourceError, rulebook, rulefile
from graph.sources.naming import Naming
from graph.sources.shape import PLAIN, Shape
from meshviz import config, parsing


class Command(BaseCommand):
    """Writes rules for the windows, selector and names of the settings."""

    help = (
        "Print recording rules for Prometheus: what is dear to ask, computed beforehand. They are "
        "for the windows, the selector and the names in the settings, and for the mesh behind "
        "MESHVIZ_PROMETHEUS_URL; without an address, for an ordinary mesh that is scraped once."
    )
    # Rules need no page and no host names.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        add_address(parser)
        add = parser.add_argument
        add(
            "--window",
            action="append",
            metavar="1m",
            help="a window to write rules for, instead of all in MESHVIZ_WINDOWS; may be repeated",
        )
        add(
            "--full-names",
            action="store_true",
            help="keep app and version of every peer: for meshes where some have no workload",
        )
        add("--manifest", action="store_true", help="as a PrometheusRule for Kubernetes")

    def handle(self, *, prometheus_url: str | None, **options: Any) -> None:
        """Look at the mesh, if there is one, and print."""
        try:
            settings = config.load(config.replaced(os.environ, prometheus_url=prometheus_url))
            windows = _windows(options["window"], settings)
        except (config.ConfigError, ValueError) as error:
            self._refuse(str(error))
        naming, shape = self._mesh(settings)
        brief = not options["full_names"]
        told = [f"--window {window}" for window in options["window"] or ()]
        told += [f"--{name}" for name, given in (("full-names", not brief),) if given]
        write = rulefile.rule_file
        if options["manifest"]:
            write, told = rulefile.manifest, [*told, "--manifest"]
        groups = rulebook.groups(windows, naming, shape, brief=brief)
        self.stdout.write(write(groups, told), ending="")

    def _mesh(self, settings: config.Config) -> tuple[Naming, Shape]:
        """Return how the mesh has to be asked, an ordinary one if there is no address."""
        if settings.prometheus_url is None:
            naming = Naming(settings.metrics, settings.labels, settings.selector or ())
            return naming, PLAIN
        source = source_for(self, settings)
        try:
            source.prepare(time.time())
            return source.naming, source.shape
        except SourceError as error:
            self._refuse(f"{error.detail} {error.advice}")
        finally:
            source.close()

    def _refuse(self, why: str) -> Never:
        self.stderr.write(why, self.style.ERROR)
        sys.exit(2)


def _windows(given: list[str] | None, settings: config.Config) -> tuple[int, ...]:
    """Return the windows in seconds. Raises ValueError for one that nobody may choose."""
    read = parsing.whole_seconds("10s", "24h")
    wanted = tuple(read(text) for text in given or ()) or settings.windows
    for window in wanted:
        if window not in settings.windows:
            raise ValueError(
                f"--window {rulebook.duration(window)} is not among MESHVIZ_WINDOWS, so nobody "
                f"would ask for it. Example: --window {rulebook.duration(settings.windows[0])}"
            )
    return wanted
