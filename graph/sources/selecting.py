"""From accounts to selectors: the series that some of a mesh's accounts were read from."""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import NamedTuple, cast

from graph.core.accounts import Entry, Reporter, Teller
from graph.core.identity import Link, Name, PeerKey, is_known
from graph.core.origins import Origins
from graph.core.strangers import Meeting, is_stranger, met
from graph.sources import line
from graph.sources.covering import Box, Key, cover, widened
from graph.sources.matching import UNKNOWN, Rest, Where, any_of, pattern
from graph.sources.naming import Matcher, escape
from graph.sources.promql import OPERATION
from graph.sources.shape import Shape

_INBOUND = "InboundPassthroughCluster"
_INBOUNDS = f"{_INBOUND}*"  # by protocol and by address family
_NOBODY = f"latest|{UNKNOWN}"  # "latest" is what Istio writes for a revision that nobody said


class _Link(NamedTuple):
    """A link as its labels tell it. Ends are ("w", workload), ("a", app, version), or ("u",)."""

    source_cluster: str
    source_namespace: str
    source: tuple[str, ...]
    target_cluster: tuple[str, bool]
    target_namespace: str
    target: tuple[str, ...]
    service_namespace: str
    service: str
    protocol: str
    operation: str


_AT = {name: place for place, name in enumerate(_Link._fields)}


def _end(peer: PeerKey) -> tuple[str, ...]:
    if peer.workload:
        return ("w", peer.workload)
    if peer.app:
        return ("a", peer.app, peer.version)
    return ("u",)


def _key(link: Link, *, many_clusters: bool) -> _Link:
    """Return the link by what tells it apart: where there is one cluster, that is none of it."""
    source, target, service, protocol, operation = link
    if not many_clusters:
        source, target = source._replace(cluster=""), target._replace(cluster="")
    # The caller may not have learnt which cluster answered: then it is taken to be its own.
    is_own = bool(target.cluster) and target.cluster == source.cluster
    return _Link(
        source.cluster,
        source.namespace,
        _end(source),
        (target.cluster, is_own),
        target.namespace,
        _end(target),
        service.namespace,
        service.name,
        protocol,
        operation,
    )


class Part(NamedTuple):
    """Series of one reporter; ``old`` are those of the same that Mixer 0.x wrote."""

    reporter: line.Reporter
    where: Where
    old: Where | None = None
    # The series count callers that others count too: what is left of them is meant.
    rest: Rest | None = None


class Selecting:
    """Writes the selectors of accounts, knowing every account that they must leave out."""

    def __init__(self, found: Origins, shape: Shape) -> None:
        self._found = found
        self._shape = shape
        peers = [peer for link, _ in found.tellers for peer in (link.source, link.target)]
        self._many_clusters = len({peer.cluster for peer in peers if peer.cluster}) > 1
        self._families = found.families
        self._has_apps = any(_end(peer)[0] == "a" for peer in peers)

    def parts(self, entries: Iterable[Entry]) -> list[Part]:
        """Return the series that the accounts were read from, those of every reporter apart."""
        groups: dict[tuple[bool, Reporter, Meeting | tuple[()]], dict[Teller, Entry]] = {}
        for entry in entries:
            of = (entry.link.protocol == "tcp", entry.reporter, self._shared(entry))
            groups.setdefault(of, {})[entry.filed] = entry
        return [
            self._part(reporter, list(group.values()), is_tcp=is_tcp)._replace(rest=self._rest(of))
            for (is_tcp, reporter, of), group in sorted(groups.items(), key=lambda item: item[0])
        ]

    def _shared(self, entry: Entry) -> Meeting | tuple[()]:
        """Return which unknown callers the account is about, if they are told twice."""
        return met(entry) if is_stranger(entry) and met(entry) in self._found.taken else ()

    def _rest(self, meeting: Meeting | tuple[()]) -> Rest | None:
        if not meeting:
            return None
        taken = self._found.taken[meeting]
        strangers, callers = (
            self._part(entries[0].reporter, list(entries), is_tcp=True).where for entries in taken
        )
        return Rest(strangers, callers)

    def _part(self, reporter: Reporter, entries: list[Entry], *, is_tcp: bool) -> Part:
        told = reporter.removeprefix("ztunnel_")
        shown: line.Reporter = (
            "waypoint" if told == "waypoint" else "source" if told == "source" else "destination"
        )
        wanted = {self._key(entry.filed[0]) for entry in entries}
        others = [key for key in self._keys[reporter, is_tcp] if key not in wanted]
        first: list[Matcher] = [("reporter", "=", shown), *self._marker(reporter, is_tcp=is_tcp)]
        apart = (_AT["source_cluster"],) if self._many_clusters else ()
        boxes = [self._widened(box, others) for box in cover(wanted, others, apart)]
        alternatives = [(*first, *matchers) for box in boxes for matchers in self._matchers(box)]
        where = Where(tuple(dict.fromkeys(alternatives)))
        return Part(shown, where, self._old(entries, shown))

    def _key(self, link: Link) -> _Link:
        return _key(link, many_clusters=self._many_clusters)

    @cached_property
    def _keys(self) -> dict[tuple[Reporter, bool], set[_Link]]:
        found: dict[tuple[Reporter, bool], set[_Link]] = {}
        for link, reporter in self._found.tellers:
            found.setdefault((reporter, link.protocol == "tcp"), set()).add(self._key(link))
        return found

    def _marker(self, reporter: Reporter, *, is_tcp: bool) -> list[Matcher]:
        marker = self._shape.ztunnel if is_tcp else None
        if marker is None:
            return []
        label, _, pattern = marker
        return [marker] if reporter.startswith("ztunnel_") else [(label, "!~", pattern)]

    def _widened(self, box: Box, others: Collection[Key]) -> Box:
        return widened(box, [_AT[name] for name in _needless(box)], others)

    def _matchers(self, box: Box) -> Iterator[tuple[Matcher, ...]]:
        """Yield the alternatives of matchers that select a box."""
        said = dict(zip(_Link._fields, box, strict=True))
        ends = [
            list(self._at_end(end, said[name], said[f"{name}_namespace"]))
            for name, end in (("source", "source"), ("target", "destination"))
        ]
        asked = tuple(self._asked(said))
        clusters = tuple(self._clusters(said))
        for source, target in product(*ends):
            yield (*source, *target, *clusters, *asked)

    def _clusters(self, said: dict[str, "frozenset[object] | None"]) -> Iterator[Matcher]:
        if not self._many_clusters:
            return
        if (clusters := said["source_cluster"]) is not None:
            yield any_of("source_cluster", map(str, clusters))
        if (targets := said["target_cluster"]) is not None:
            known = cast("frozenset[tuple[str, bool]]", targets)
            names = {name for name, _ in known} | {"" for _, is_own in known if is_own}
            yield any_of("destination_cluster", names)

    def _asked(self, said: dict[str, "frozenset[object] | None"]) -> Iterator[Matcher]:
        if (services := said["service"]) is not None:
            yield self._services(map(str, services), said["target"])
        if (namespaces := said["service_namespace"]) is not None:
            yield any_of("destination_service_namespace", map(str, namespaces))
        if said["protocol"] == frozenset({"grpc"}):
            yield ("request_protocol", "=", "grpc")
        if said["protocol"] == frozenset({"http"}):
            yield ("request_protocol", "!=", "grpc")
        if self._shape.operations and (operations := said["operation"]) is not None:
            yield any_of(OPERATION, map(str, operations))

    def _at_end(
        self,
        end: str,
        peers: "frozenset[object] | None",
        namespaces: "frozenset[object] | None",
    ) -> Iterator[tuple[Matcher, ...]]:
        label = f"{end}_workload_namespace"
        places = () if namespaces is None else (any_of(label, map(str, namespaces)),)
        if peers is None:
            yield places
            return
        kinds: dict[str, list[tuple[str, ...]]] = {}
        for peer in sorted(peers, key=repr):
            kinds.setdefault(peer[0], []).append(peer)  # type: ignore[index,arg-type]
        workloads = [peer[1] for peer in kinds.get("w", ())]
        if "u" in kinds and not self._has_apps:
            workloads.append("")
        if workloads:
            yield (any_of(f"{end}_workload", workloads, self._families), *places)
        for _, app, version in kinds.get("a", ()):
            for named in _apps(end, app, version, self._families):
                yield (*named, *places)
        if "u" in kinds and self._has_apps:
            yield (*_nobody(end), *places)

    def _services(self, names: Iterable[str], targets: "frozenset[object] | None") -> Matcher:
        asked = {_INBOUNDS if name == _INBOUND else name for name in names}
        if "" in asked and targets != frozenset({("u",)}):
            asked.add(_INBOUNDS)  # the pod itself was asked for, through no service
        return any_of("destination_service_name", asked, {*self._families, _INBOUNDS})

    def _old(self, entries: list[Entry], reporter: line.Reporter) -> Where | None:
        """Return how Mixer 0.x knew the same ends: services by their hosts."""
        if not self._shape.mixer_0 or reporter != "destination":
            return None
        wanted = {key for entry in entries if (key := self._old_key(entry.link)) is not None}
        every = (
            self._old_key(link)
            for (_, who), link in self._found.tellers.items()
            if who == "destination"
        )
        others = {key for key in every if key is not None} - wanted
        boxes = cover(wanted, others) if wanted else []
        return Where(tuple(_old_matchers(box) for box in boxes)) if boxes else None

    def _old_key(self, link: Link) -> tuple[str, str, str, str] | None:
        """Return patterns of hosts, each with its version; None for what Mixer 0.x did not tell."""
        if link.protocol == "grpc":
            return None
        source, target = (self._host(peer) for peer in (link.source, link.target))
        if not is_known(link.target):
            target = (escape(link.service.name) or UNKNOWN, "")
        return (*source, *target)

    def _host(self, peer: PeerKey) -> tuple[str, str]:
        name = self._found.names.get(peer, Name(peer.app, peer.version))
        host = rf"{pattern(name.app, self._families)}\.{escape(peer.namespace)}\.svc\..*"
        return (host if name.app else UNKNOWN, name.version)


def _needless(box: Box) -> Iterator[str]:
    """Yield the labels that a reader can do without, if they tell nothing apart."""
    said = dict(zip(_Link._fields, box, strict=True))
    peers = {name: said[name] or frozenset() for name in ("source", "target")}
    yield from ("operation", "service_namespace")
    if ("u",) not in peers["target"]:
        yield "service"
    yield "protocol"
    for name, values in peers.items():
        if len(values) > 1:
            yield from (name, f"{name}_namespace")
    if len(peers["target"]) > 1:
        yield "target_cluster"


def _nobody(end: str) -> Iterator[Matcher]:
    for label in ("workload", "canonical_service", "app"):
        yield (f"{end}_{label}", "=~", UNKNOWN)


def _apps(
    end: str, app: str, version: str, families: Collection[str]
) -> Iterator[tuple[Matcher, ...]]:
    """Yield the ways to name an app and its version where no workload is known."""
    shy = (f"{end}_workload", "=~", UNKNOWN)
    canonical = any_of(f"{end}_canonical_service", [app], families)
    named = any_of(f"{end}_app", [app], families)
    revision = f"{end}_canonical_revision"
    unversioned = ((revision, "=~", _NOBODY), any_of(f"{end}_version", [version]))
    if version:
        yield (shy, canonical, (revision, "=", version))
    else:
        yield (shy, canonical, *unversioned)
    yield (shy, (canonical[0], "=~", UNKNOWN), named, *unversioned)


def _old_matchers(box: Box) -> tuple[Matcher, ...]:
    made: list[Matcher] = []
    for values, end in zip((box[0], box[2]), ("source", "destination"), strict=True):
        hosts = sorted(map(str, values or ()), key=lambda host: (host == UNKNOWN, host))
        made.append((f"{end}_service", "=~", "|".join(hosts)))
    for values, end in zip((box[1], box[3]), ("source", "destination"), strict=True):
        made.append(any_of(f"{end}_version", map(str, values or ())))
    return tuple(made)
