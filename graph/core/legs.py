"""The legs of requests through waypoints.

A waypoint stands between caller and server and reports both of them, so the request is an edge of
its own. The proxies on the way also report caller to waypoint and waypoint to server: the same
traffic again, of interest only to those who look for the waypoint itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graph.core.accounts import Entry
from graph.core.identity import Link, PeerKey


@dataclass(frozen=True, slots=True)
class Legs:
    """Tells legs from traffic that only the legs show (TCP through a waypoint)."""

    _is_waypoint: Callable[[PeerKey], bool]
    # Peers whose requests through a waypoint are drawn as a whole.
    _callers: frozenset[PeerKey]
    _servers: frozenset[PeerKey]
    # Named like waypoints, but requests end there: their own proxies say so.
    _servants: frozenset[PeerKey]

    @classmethod
    def of(
        cls,
        entries: Iterable[Entry],
        is_waypoint: Callable[[PeerKey], bool],
    ) -> "Legs":
        """Return the legs among these accounts."""
        callers: set[PeerKey] = set()
        servers: set[PeerKey] = set()
        servants: set[PeerKey] = set()
        for link, reporter, _, _, alive in entries:
            if alive and reporter == "destination" and link.protocol != "tcp":
                servants.add(link.target)
            if not alive or is_waypoint(link.source) or is_waypoint(link.target):
                continue
            if reporter == "waypoint":
                callers.add(link.source)
            if link.protocol != "tcp" and reporter != "source":
                servers.add(link.target)
        return cls(is_waypoint, frozenset(callers), frozenset(servers), frozenset(servants))

    def is_leg(self, link: Link) -> bool:
        """Tell whether the link is a part of requests that are drawn as a whole elsewhere."""
        if self._stands_between(link.target):
            return link.source in self._callers or self._stands_between(link.source)
        return self._stands_between(link.source) and link.target in self._servers

    def _stands_between(self, peer: PeerKey) -> bool:
        return self._is_waypoint(peer) and peer not in self._servants
