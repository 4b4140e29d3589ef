"""``python manage.py deltoken NAME``: a token that is good no more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from graph.management.people import demand_users


class Command(BaseCommand):
    """Deletes a token."""

    help = "Delete a token: within a minute it is good for nothing, also where it watches."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="the name it was made by")

    def handle(self, *, name: str, **options: Any) -> None:
        """Delete."""
        demand_users()
        from meshviz.signin.models import ApiToken

        if not ApiToken.objects.filter(name=name).delete()[0]:
            raise CommandError(f"There is no token {name}.")
        self.stdout.write(f"{name} is gone.")
