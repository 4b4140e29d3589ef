"""``python manage.py tokens``: the tokens that there are."""

from datetime import datetime
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from graph.management.people import demand_users


class Command(BaseCommand):
    """Lists the tokens, not what they are."""

    help = "List the tokens of the API: name, role, namespaces, when they expire and were used."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """Print a line for each."""
        demand_users()
        from meshviz.signin.models import ApiToken

        for token in ApiToken.objects.order_by("name"):
            seen = ",".join(orjson.loads(token.namespaces))
            expires = f"expires {_day(token.expires, 'never')}"
            self.stdout.write(
                f"{token.name}\t{token.role}\t{seen}\t{expires}\tused {_day(token.used, 'never')}"
            )


def _day(moment: datetime | None, otherwise: str) -> str:
    return moment.date().isoformat() if moment else otherwise
