"""Settings with everything switched on, so that the type checker knows all models."""

import os

os.environ["MESHVIZ_SIGN_IN"] = "users"

from meshviz.settings import *  # noqa: F403
