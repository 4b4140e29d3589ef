"""Django's `migrate`, one process at a time; `serve` runs it by itself."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from meshviz import migrating


class Command(migrate.Command):
    help = (
        "Bring the database in DATABASE_URL to what this version expects. `serve` does it at its "
        "start; use this to do it before."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with migrating.turn(settings.MESHVIZ.database_url):
            super().handle(*args, **options)

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except migrating.Unready as error:
            where = settings.MESHVIZ.database_url
            self.stderr.write(f"The database is not ready ({where}): {error}")
            raise SystemExit(1) from None
