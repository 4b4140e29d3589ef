"""Polls and draws, for the servers of scaled mode."""

import warnings
from typing import Any

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from graph.live.garbage import collect_seldom
from graph.management.needing import app_or_exit
from graph.management.telling import tell
from meshviz.crew import told_by_worker
from meshviz.listening import CannotListen
from meshviz.probes import answered

# Besides the windows that it keeps, for tasks that find theirs taken.
_SPARE_THREADS = 2


class Command(BaseCommand):
    help = (
        "Poll Prometheus and draw for all servers. Needs MESHVIZ_REDIS_URL, the settings of the "
        "servers, and one `manage.py beat`. Start as many as you like: each window is kept by one."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="worker", help="of this worker, in logs")

    def handle(self, *, name: str, **options: Any) -> None:
        app = app_or_exit(self)
        collect_seldom()
        told = told_by_worker(app)
        try:
            with answered(settings.MESHVIZ.operations_address, told, self._say):
                self._say(f"meshviz worker asks {settings.MESHVIZ.prometheus_url}.")
                self._work(app, name)
        except CannotListen as error:
            raise CommandError(str(error)) from None

    def _work(self, app: Any, name: str) -> None:
        threads = len(settings.MESHVIZ.windows) + _SPARE_THREADS
        # It warns root of pickled messages; ours are JSON.
        warnings.simplefilter("ignore", SecurityWarning)
        app.worker_main(
            [
                "--quiet",
                "worker",
                "--pool=threads",
                f"--concurrency={threads}",
                f"--hostname={name}@%h",
                "--without-gossip",
                "--without-mingle",
                "--loglevel=WARNING",
            ]
        )

    def _say(self, line: str) -> None:
        tell(self, line)
