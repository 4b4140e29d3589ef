"""Settings of a meshviz whose passwords are cheap to check, and as cheap to guess."""

from meshviz.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
