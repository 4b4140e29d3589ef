"""Tells the workers of scaled mode what to keep."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from graph.management.needing import app_or_exit
from graph.management.telling import tell
from meshviz.crew import DRUM
from meshviz.listening import CannotListen
from meshviz.probes import answered


class Command(BaseCommand):
    help = (
        "Tell workers, every interval, which windows to keep. Needs MESHVIZ_REDIS_URL. One is "
        "enough."
    )
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        app = app_or_exit(self)
        try:
            with answered(settings.MESHVIZ.operations_address, DRUM.told(), self._say):
                self._say("meshviz beat.")
                app.Beat(
                    scheduler_cls="meshviz.celery:ShortScheduler",
                    max_interval=1,
                    quiet=True,
                    loglevel="WARNING",
                ).run()
        except CannotListen as error:
            raise CommandError(str(error)) from None

    def _say(self, line: str) -> None:
        tell(self, line)
