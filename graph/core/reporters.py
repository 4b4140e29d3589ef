"""The reporter rule: whose account makes an edge's numbers.

Both proxies of a request report it, so their counts are never added to each other. The server's
side (the waypoint where there is one, else the destination) is the truth; to it come the requests
that only the caller's proxy saw, because they never reached a server. Where no server-side proxy
reports at all (external hosts, workloads without a sidecar) the caller's account stands for the
edge. A viewer may look through one side's eyes instead; where that side has no proxy, the other's
account stands in.

In an ambient mesh the ztunnels count the connections below requests that a waypoint, a gateway or
a sidecar counts too. Such a *shadow* is not traffic of its own: it only lends its word on mTLS.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.core.accounts import CALLING, Entry, Reporter
from graph.core.identity import Link, PeerKey, ServiceKey, is_known
from graph.core.wire import EdgeReporter, Perspective, Protocol

PairKey = tuple[PeerKey, PeerKey, Protocol]
_Ends = tuple[PeerKey, PeerKey]

# Of several server-side reporters, the one that sees most.
_RANK: Mapping[Reporter, int] = {"ztunnel_destination": 1, "destination": 2, "waypoint": 3}
_SHOWN: Mapping[Reporter, EdgeReporter] = {
    "source": "source",
    "ztunnel_source": "source",
    "destination": "destination",
    "ztunnel_destination": "destination",
    "waypoint": "waypoint",
}


@dataclass(frozen=True, slots=True)
class Role:
    """What one account does for the edge it is drawn on."""

    # Whose account it is; None when a better one of the same side exists.
    side: Literal["client", "server"] | None
    # Its numbers are the edge's; or at least its failures that never reached a server.
    counts: bool
    adds_unreached: bool
    reporter: EdgeReporter


@dataclass(slots=True)
class ReporterRule:
    """Decides, link by link, whose numbers count."""

    perspective: Perspective
    _servers: dict[PairKey, Reporter] = field(default_factory=dict)
    _clients: dict[PairKey, Reporter] = field(default_factory=dict)
    _requests: defaultdict[_Ends, set[ServiceKey]] = field(default_factory=lambda: defaultdict(set))
    _served: set[ServiceKey] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "ReporterRule":
        """Return the rule for these accounts, as long as nobody asks for one side's."""
        rule = cls("auto")
        for entry in entries:
            if entry.alive:
                rule._note(entry.link, entry.reporter)
        return rule

    def _note(self, link: Link, reporter: Reporter) -> None:
        pair = pair_of(link)
        if reporter not in CALLING:
            best = self._servers.get(pair)
            if best is None or _RANK[reporter] > _RANK[best]:
                self._servers[pair] = reporter
            self._served.add(link.service)
        elif self._clients.get(pair) != "source":
            self._clients[pair] = reporter
        if link.protocol != "tcp":
            self._requests[(link.source, link.target)].add(link.service)

    def is_shadow(self, link: Link, reporter: Reporter) -> bool:
        """Tell whether a ztunnel's account is about requests that others count as such."""
        if not reporter.startswith("ztunnel_"):
            return False
        services = self._requests.get((link.source, link.target))
        if not services:
            return False
        return not link.service.name or any(
            not service.name or service[1:] == link.service[1:] for service in services
        )

    def role(self, link: Link, reporter: Reporter) -> Role:
        """Return what an account of this link does."""
        pair = pair_of(link)
        server, client = self._servers.get(pair), self._clients.get(pair)
        shown = _SHOWN[reporter]
        if reporter in CALLING:
            mine = client is None or reporter == client
            counts = mine and (server is None or self.perspective == "client")
            if self.perspective == "server" and self._lost(link):
                counts = False
            unreached = mine and self.perspective == "auto"
            return Role("client" if mine else None, counts, unreached, shown)
        mine = reporter == server or (server is None and client is None)
        counts = mine and (self.perspective != "client" or client is None)
        return Role("server" if mine else None, counts, False, shown)

    def is_unserved(self, link: Link) -> bool:
        """Tell whether no server's proxy reports this pair of peers."""
        return pair_of(link) not in self._servers

    def _lost(self, link: Link) -> bool:
        """Tell whether the requests were meant for a server that reports, and never found it."""
        return not is_known(link.target) and link.service in self._served


def pair_of(link: Link) -> PairKey:
    """Return what identifies the two proxies; the service's name may differ between them."""
    return (link.source, link.target, link.protocol)
