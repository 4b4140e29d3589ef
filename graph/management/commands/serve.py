"""Serves the page, the REST API and the websocket."""

import logging
import os
import signal
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from graph.management.telling import tell
from graph.sources import Source
from meshviz import config, migrating
from meshviz.listening import CannotListen, listen, main_place, operations_place
from meshviz.opening import open_configured
from meshviz.server import Doors, run
from meshviz.standing import Standing

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Serve meshviz. Settings are MESHVIZ_* environment variables, see docs/configuration.md; "
        "MESHVIZ_PROMETHEUS_URL is needed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", help="address to listen on, instead of MESHVIZ_HOST")
        parser.add_argument("--port", help="port to listen on, instead of MESHVIZ_PORT")

    def handle(self, *, host: str | None, port: str | None, **options: Any) -> None:
        # Before anything is served: a recording that is damaged is a setting that is wrong.
        wanted, source = self._opened(host, port)
        try:
            doors = _doors(wanted)
        except CannotListen as error:
            raise CommandError(str(error)) from None
        if wanted.has_users and wanted.lasting_key is None:
            log.warning(
                "Sign-ins end with this process: MESHVIZ_SECRET_KEY_FILE names a key that lasts."
            )
        # A wish to stop is no failure, whichever signal brings it.
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, _leave)
        with migrating.in_background(wanted.database_url) as is_there:
            standing = Standing(is_there if wanted.has_users else None)
            run(wanted, source, doors, standing, say=self._say)

    def _opened(self, host: str | None, port: str | None) -> tuple[config.Config, Source]:
        try:
            wanted = config.load(config.replaced(os.environ, host=host, port=port), complete=True)
            return wanted, open_configured(wanted)
        except config.ConfigError as error:
            self.stderr.write(str(error), self.style.ERROR)
            sys.exit(2)

    def _say(self, line: str) -> None:
        tell(self, line)


def _doors(wanted: config.Config) -> Doors:
    main = listen(main_place(wanted.host, wanted.port))
    if wanted.operations_address is None:
        return Doors(main)
    return Doors(main, listen(operations_place(*wanted.operations_address)))


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(0)
