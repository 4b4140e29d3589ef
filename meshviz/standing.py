"""How a serving process stands: whether it ends, and what keeps it from taking new visitors.

Not ready is what never had anything to show, or is about to end. What *was* there and is gone is
no reason: all servers share one Prometheus, one Redis and one database, so taking them out of
service for it would leave people with their balancer's error instead of the last picture, its age
and the words that say what is wrong.
"""

from collections.abc import Callable

from graph.live.desk import Desk

DRAINING = "This process ends; it takes nobody in any more."
NO_DATABASE = "The database has not been reached yet, and nobody can sign in without it."


class Standing:
    """``has_database`` tells whether it was ever there; None where nobody signs in."""

    def __init__(self, has_database: Callable[[], bool] | None = None) -> None:
        self.is_draining = False
        self._has_database = has_database

    def objections(self, desk: Desk) -> list[str]:
        """Return why nobody should be sent here now, one sentence each; empty when ready."""
        found = [DRAINING] if self.is_draining else []
        if self._has_database is not None and not self._has_database():
            found.append(NO_DATABASE)
        waiting_for = desk.waiting_for()
        return [*found, waiting_for] if waiting_for else found
