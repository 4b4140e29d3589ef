"""``python manage.py doctor``: whether this Prometheus can carry a true graph."""

import os
import shutil
import sys
import time
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandParser

from graph.core.wire import Check, Diagnosis
from graph.doctor import Habits, examine, table
from graph.doctor.examine import conclude
from graph.management.asking import add_address, habits, settings_for, source_for
from graph.sources import Source


class Command(BaseCommand):
    """Examines a Prometheus; needs no server."""

    help = (
        "Check whether Prometheus can carry a true graph, line by line, with what to do. "
        "Exit code 0: no red line (with --strict: no amber one either); 1: there is one; "
        "2: the settings are wrong."
    )
    # What is wrong with the page is none of Prometheus' business.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        add_address(parser)
        parser.add_argument("--json", action="store_true", help="print the diagnosis as JSON")
        parser.add_argument("--strict", action="store_true", help="let amber lines fail too")

    def handle(self, *, prometheus_url: str | None, **options: Any) -> None:
        """Examine, print and exit."""
        settings = settings_for(self, prometheus_url)
        source = source_for(self, settings)
        try:
            found = self._examine(source, habits(settings), as_json=options["json"])
        finally:
            source.close()
        if options["json"]:
            self.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n" + table.summary(check["state"] for check in found["checks"]))
        bad = ("red", "amber") if options["strict"] else ("red",)
        sys.exit(1 if found["state"] in bad else 0)

    def _examine(self, source: Source, wanted: Habits, *, as_json: bool) -> Diagnosis:
        now = time.time()
        checks: list[Check] = []
        for check in examine(source, wanted, now):
            checks.append(check)
            if not as_json:  # line by line, as they are found, is the progress
                self._show(check)
        return conclude(source, now, checks)

    def _show(self, check: Check) -> None:
        is_terminal = self.stdout.isatty() and "NO_COLOR" not in os.environ
        paint = table.coloured if is_terminal else table.plain
        self.stdout.write(table.line(check, shutil.get_terminal_size().columns, paint))
        self.stdout.flush()
