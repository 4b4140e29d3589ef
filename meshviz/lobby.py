"""Connections that are no viewers yet: how many there may be, and who goes when there are too many.

Whoever only opens connections, or dribbles a request into them, takes places here and none of the
viewers'. A client that means it has asked within milliseconds; so the one that has been silent for
longest makes room for the newest.
"""

import resource
from collections.abc import Iterator
from typing import Protocol

_SPARE = 512  # besides as many as may become viewers: all of them may come back at once
_OTHERS = 256  # places that one address alone never takes
_FEWEST = 64
_OTHER_FILES = 256  # Prometheus, Redis, a database, files of the front end


class Guest(Protocol):
    """A connection, as far as the lobby is concerned."""

    @property
    def address(self) -> str:
        """Where it comes from."""

    @property
    def is_silent(self) -> bool:
        """Whether it has no request that is being answered."""

    def show_out(self) -> None:
        """Cut it off; it leaves the lobby."""


class Lobby:
    """The connections of one process that have not become viewers. For the server's loop."""

    def __init__(self, most: int, most_of_address: int) -> None:
        self._most = most
        self._most_of_address = most_of_address
        self._guests: dict[Guest, None] = {}  # the one that came first is first
        self._of: dict[str, dict[Guest, None]] = {}

    def __len__(self) -> int:
        return len(self._guests)

    def enter(self, guest: Guest) -> None:
        """Let a connection in, in the place of another or of itself if there are too many."""
        own = self._of.setdefault(guest.address, {})
        self._guests[guest] = own[guest] = None
        if len(own) > self._most_of_address:
            self._make_room(own)
        elif len(self._guests) > self._most:
            self._make_room(self._guests)

    def leave(self, guest: Guest) -> None:
        """Forget a connection that has ended or become a viewer."""
        if self._guests.pop(guest, guest) is guest:
            return
        own = self._of[guest.address]
        del own[guest]
        if not own:
            del self._of[guest.address]

    def _make_room(self, among: dict[Guest, None]) -> None:
        silent: Iterator[Guest] = (guest for guest in among if guest.is_silent)
        goes = next(silent)  # there is one: who has just come has not asked for anything
        self.leave(goes)
        goes.show_out()


def lobby_for(max_viewers: int) -> Lobby:
    """Return a lobby as large as the limit of open files allows beside so many viewers."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max_viewers + _SPARE
    if files != resource.RLIM_INFINITY:
        most = min(most, files - max_viewers - _OTHER_FILES)
    most = max(most, _FEWEST)
    return Lobby(most, max(most - _OTHERS, _FEWEST * 3 // 4))
