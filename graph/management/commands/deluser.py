"""``python manage.py deluser NAME``: somebody who may sign in no more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from graph.management.people import demand_users


class Command(BaseCommand):
    """Deletes a user with everything of theirs."""

    help = "Delete a user with all that they saved, also what they shared."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="the name they signed in with")

    def handle(self, *, name: str, **options: Any) -> None:
        """Delete."""
        demand_users()
        from django.contrib.auth.models import User

        if not User.objects.filter(username=name).delete()[0]:
            raise CommandError(f"There is no user {name}.")
        self.stdout.write(f"{name} is gone.")
