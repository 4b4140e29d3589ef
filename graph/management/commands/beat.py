"""Tells the workers of scaled mode what to keep."""

from typing import Any

from django.core.management.base import BaseCommand

from graph.management.needing import app_or_exit


class Command(BaseCommand):
    help = (
        "Tell workers, every interval, which windows to keep. Needs MESHVIZ_REDIS_URL. One is "
        "enough."
    )
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        app = app_or_exit(self)
        self.stdout.write("meshviz beat.")
        self.stdout.flush()
        app.Beat(
            scheduler_cls="meshviz.celery:ShortScheduler",
            max_interval=1,
            quiet=True,
            loglevel="WARNING",
        ).run()
