"""What a command says once it runs: a line for people, or one in the log for machines."""

import logging

from django.conf import settings
from django.core.management.base import BaseCommand

log = logging.getLogger("meshviz")


def tell(command: BaseCommand, text: str) -> None:
    """Say something that is no warning; where lines are JSON, this is one too."""
    if settings.MESHVIZ.log_format == "json":
        for line in text.splitlines():
            log.info("%s", line)
    else:
        command.stdout.write(text)
        command.stdout.flush()
