"""Who is who across all accounts: the two proxies of one request know different things.

A peer's workload, app or version may be missing on one side; so may its cluster, always on proxies
from before multi-cluster telemetry. Left alone, one workload would be drawn twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.core.identity import Link, Name, PeerKey, ServiceKey, is_known


@dataclass(frozen=True, slots=True)
class Census:
    """What is settled: ``names`` by peer, and the links whose ends were recognised as others."""

    names: Mapping[PeerKey, Name]
    moved: Mapping[Link, Link]

    def settled(self, link: Link) -> Link:
        """Return the link with both ends as they are known to the whole mesh."""
        return self.moved.get(link, link)


def take_census(links: Iterable[Link], names: Mapping[PeerKey, set[Name]]) -> Census:
    """Return the census of these links; ``names`` are all that was said of each peer."""
    every = set(links)
    cluster_of = _clusters({peer for link in every for peer in (link.source, link.target)})
    located = {peer: _in_cluster(peer, cluster_of) for peer in names}
    workload_of = _workloads(located, names)
    place = {peer: workload_of.get(where, where) for peer, where in located.items()}
    moved = {link: placed for link in every if (placed := _placed(link, place)) != link}
    said: defaultdict[PeerKey, set[Name]] = defaultdict(set)
    for peer, seen in names.items():
        said[place[peer]] |= seen
    return Census({peer: _fullest(seen) for peer, seen in said.items()}, moved)


def _workloads(
    located: Mapping[PeerKey, PeerKey], names: Mapping[PeerKey, set[Name]]
) -> dict[PeerKey, PeerKey]:
    """Return the workload behind each peer of which only app and version were told.

    Only where there is no doubt: one workload of that app and version (or of that app, if the
    version was not told) in the namespace.
    """
    shy = {where for where in located.values() if where.app}
    if not shy:
        return {}
    behind: defaultdict[PeerKey, set[PeerKey]] = defaultdict(set)
    for peer, where in located.items():
        if where.workload:
            for name in names[peer]:
                anonymous = PeerKey(where.cluster, where.namespace, "", name.app, name.version)
                behind[anonymous].add(where)
                behind[anonymous._replace(version="")].add(where)
    return {peer: min(behind[peer]) for peer in shy if len(behind.get(peer, ())) == 1}


_Where = Mapping[PeerKey, str]


def _clusters(peers: Iterable[PeerKey]) -> _Where:
    """Return the cluster of each peer that was also seen without one, by its key without one.

    Peers that are only ever seen without a cluster are in the mesh's only one, if there is but one.
    """
    seen: defaultdict[PeerKey, set[str]] = defaultdict(set)
    for peer in peers:
        if is_known(peer):
            seen[peer._replace(cluster="")].add(peer.cluster)
    every = set().union(*seen.values()) - {""}
    only = every.pop() if len(every) == 1 else ""
    found: dict[PeerKey, str] = {}
    for peer, clusters in seen.items():
        named = clusters - {""}
        if "" in clusters:
            found[peer] = named.pop() if len(named) == 1 else ("" if named else only)
    return found


def _in_cluster(peer: PeerKey, cluster_of: _Where) -> PeerKey:
    if peer.cluster or not cluster_of:
        return peer
    cluster = cluster_of.get(peer, "")
    return peer._replace(cluster=cluster) if cluster else peer


def _placed(link: Link, place: Mapping[PeerKey, PeerKey]) -> Link:
    source, target = place[link.source], place[link.target]
    service = link.service
    if service.namespace and not (target.cluster or is_known(target)):
        # As `parse_link` does, with what is known now.
        target = target._replace(cluster=source.cluster)
    if service.namespace and not service.cluster:
        service = ServiceKey(target.cluster, service.namespace, service.name)
    if (source, target, service) == (link.source, link.target, link.service):
        return link  # as most are
    return link._replace(source=source, target=target, service=service)


def _fullest(seen: set[Name]) -> Name:
    """Return one name: the fullest, then the greatest, whatever came first."""
    return max(seen, key=lambda name: (bool(name.app) + bool(name.version), name.app, name.version))
