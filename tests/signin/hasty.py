"""Settings of a meshviz that looks after its sessions five times a second."""

from tests.signin.quick import *  # noqa: F403

SESSION_LOOK_AGAIN_S = 0.2
