"""The Django app of the service graph, and what `python manage.py check` looks at."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


class GraphConfig(AppConfig):
    """Polling does not start here but with the server: every command line passes here."""

    name = "graph"
    verbose_name = "Service graph"

    def ready(self) -> None:
        register(front_end_is_built, "meshviz")
        register(hosts_are_named, "meshviz")


def front_end_is_built(**kwargs: Any) -> list[CheckMessage]:
    if settings.FRONTEND_MANIFEST.is_file():
        return []
    return [
        Warning(
            "The front end is not built: the page will say so instead of showing the graph.",
            hint="Run `make setup`.",
            id="meshviz.W001",
        )
    ]


def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS and not settings.DEBUG:
        return []
    return [
        Error(
            "ALLOWED_HOSTS holds a wildcard or DEBUG is on: any web page could read the graph.",
            hint="Name the hosts in MESHVIZ_ALLOWED_HOSTS.",
            id="meshviz.E001",
        )
    ]
