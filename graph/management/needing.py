"""What commands need before they can start."""

import sys

from celery import Celery
from django.conf import settings
from django.core.management.base import BaseCommand

from meshviz import config
from meshviz.celery import app
from meshviz.opening import open_configured


def app_or_exit(command: BaseCommand) -> Celery:
    """Return the Celery application; say what is wrong with the settings and exit with 2 if
    anything is."""
    try:
        open_configured(settings.MESHVIZ).close()
        return app()
    except config.ConfigError as error:
        command.stderr.write(str(error), command.style.ERROR)
        sys.exit(2)
