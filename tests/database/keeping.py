"""Settings of a meshviz that keeps something: Django's sessions, and an address for them."""

from meshviz.settings import *  # noqa: F403
from meshviz.settings import INSTALLED_APPS as _INSTALLED_APPS

INSTALLED_APPS = [*_INSTALLED_APPS, "django.contrib.sessions"]
ROOT_URLCONF = "tests.database.addresses"
