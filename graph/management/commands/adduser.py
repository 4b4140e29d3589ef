"""``python manage.py adduser NAME``: somebody who may sign in."""

import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser


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

    def handle(self, *, name: str, **options: Any) -> None:
        """Ask, check, write."""
        if not settings.MESHVIZ.has_users:
            raise CommandError("Nobody signs in here: MESHVIZ_SIGN_IN=users switches it on.")
        from django.contrib.auth.models import User
        from django.contrib.auth.password_validation import validate_password

        user = User.objects.filter(username=name).first() or User(username=name)
        is_new = user.pk is None
        try:
            password = _asked()
            validate_password(password, user)
            user.set_password(password)
            user.is_active = True
            user.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        user.save()
        self.stdout.write(f"{name} {'can sign in' if is_new else 'has a new password'}.")


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("The same again: "):
        raise CommandError("The two are not the same.")
    return password
