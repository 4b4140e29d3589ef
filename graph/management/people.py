"""What the commands about people and tokens have in common."""

from django.conf import settings
from django.core.management.base import CommandError


def demand_users() -> None:
    """Raise CommandError where nobody signs in: the tables are not there."""
    if not settings.MESHVIZ.has_users:
        raise CommandError("Nobody signs in here: MESHVIZ_SIGN_IN=users switches it on.")
