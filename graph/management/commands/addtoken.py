"""``python manage.py addtoken NAME``: a program that may use the API."""

import re
from datetime import timedelta
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils import timezone

from graph.core.wire import Role
from graph.management.people import demand_users

_DAYS = re.compile(r"([1-9][0-9]{0,3})d")


class Command(BaseCommand):
    """Makes a token."""

    help = (
        "Make a token for a program that uses the REST API or the websocket: it is sent as "
        "'Authorization: Bearer TOKEN'. The token is printed this once; only a digest is kept."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="what the token is for, to delete it by")
        parser.add_argument(
            "--namespace",
            action="append",
            required=True,
            metavar="PATTERN",
            help="a namespace that it may see, or a pattern ('shop-*', '*' for all); repeat",
        )
        parser.add_argument(
            "--role", choices=get_args(Role), default="viewer", help="what it may do (viewer)"
        )
        parser.add_argument(
            "--expires", default="90d", metavar="DAYS", help="how long it is good (90d), or never"
        )

    def handle(
        self, *, name: str, namespace: list[str], role: Role, expires: str, **options: Any
    ) -> None:
        """Make it and print it."""
        demand_users()
        from meshviz.access import is_pattern
        from meshviz.signin import tokens
        from meshviz.signin.models import MOST_NAME

        if not 1 <= len(name) <= MOST_NAME or not name.isprintable():
            raise CommandError(f"A name of 1 to {MOST_NAME} printable characters is needed.")
        for pattern in namespace:
            if not is_pattern(pattern):
                raise CommandError(
                    f"{pattern!r} is no namespace and no pattern of names: shop, 'shop-*', '*'."
                )
        until = None if expires == "never" else timezone.now() + _span(expires)
        try:
            self.stdout.write(tokens.made(name, role, namespace, until))
        except IntegrityError:
            raise CommandError(f"There is a token {name} already: deltoken deletes it.") from None


def _span(text: str) -> timedelta:
    days = _DAYS.fullmatch(text)
    if days is None:
        raise CommandError(f"{text!r} is no time to expire in: 90d, or never.")
    return timedelta(days=int(days[1]))
