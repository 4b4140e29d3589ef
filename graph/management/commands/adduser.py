"""``python manage.py adduser NAME``: somebody who may sign in."""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from graph.management.people import demand_users


class Command(BaseCommand):
    """Adds a user, or gives one a new password."""

    help = (
        "Let somebody sign in (with MESHVIZ_SIGN_IN=users). Asks for the password twice, or reads "
        "it from a line of its input if that is no terminal. A user who is there already gets the "
        "new password, and is signed out everywhere."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument(
            "--group",
            action="append",
            default=[],
            metavar="NAME",
            help="a group that they are in, as MESHVIZ_ACCESS_FILE names it; repeat; those that "
            "are not given are left as they are",
        )
        parser.add_argument(
            "--admin", action="store_true", help="they may do and see everything, whatever it says"
        )

    def handle(self, *, name: str, group: list[str], admin: bool, **options: Any) -> None:
        """Ask, check, write."""
        demand_users()
        from django.contrib.auth.models import Group, User
        from django.contrib.auth.password_validation import validate_password

        user = User.objects.filter(username=name).first() or User(username=name)
        is_new = user.pk is None
        try:
            password = _asked()
            validate_password(password, user)
            user.set_password(password)
            user.is_active = True
            user.is_superuser = admin or user.is_superuser
            user.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        user.save()
        user.groups.add(*(Group.objects.get_or_create(name=one)[0] for one in group))
        self.stdout.write(f"{name} {'can sign in' if is_new else 'has a new password'}.")


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("The same again: "):
        raise CommandError("The two are not the same.")
    return password
