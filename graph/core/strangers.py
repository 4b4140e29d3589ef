"""Callers that a server's proxy could not name, although their own proxies report them.

Plain TCP carries no word on who is calling. A server then counts bytes from "unknown", while the
caller's proxy counts the same bytes towards that server. Drawn as they are, they would be two edges
with the same traffic; so what the callers' proxies account for is taken off the unknown one. The
servers of one peer may count strangers under several names (two services, two clusters): each loses
the same share.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from graph.core.accounts import COUNTERS, Account, Entry
from graph.core.identity import PeerKey, is_known
from graph.core.reporters import ReporterRule

# The two proxies are scraped at different moments: a remainder up to this share is no caller.
_SCRAPE_NOISE = 0.15
_BYTES = ("sent_bps", "received_bps")
_CONNECTIONS = ("connections_per_s", "connections_closed_per_s")


# The called peer, and the namespace of its unknown callers where the server learnt that much.
Meeting = tuple[PeerKey, str]


class Taken(NamedTuple):
    """Accounts of the same connections: by a server that cannot name its callers, and by them."""

    strangers: tuple[Entry, ...]
    callers: tuple[Entry, ...]


def taken_off(entries: Sequence[Entry], rule: ReporterRule) -> dict[Meeting, Taken]:
    """Return what is told twice, by called peer and its callers' namespace."""
    strangers: dict[Meeting, list[Entry]] = {}
    for entry in filter(is_stranger, entries):
        strangers.setdefault(met(entry), []).append(entry)
    callers: dict[Meeting, list[Entry]] = {}
    for entry in entries if strangers else ():
        if _is_unheard(entry, rule) and (meeting := met_by(entry, strangers)) is not None:
            callers.setdefault(meeting, []).append(entry)
    return {
        meeting: Taken(tuple(strangers[meeting]), tuple(heard))
        for meeting, heard in callers.items()
    }


def met(stranger: Entry) -> Meeting:
    """Return which unknown callers an account of them is about."""
    return stranger.link.target, stranger.link.source.namespace


def met_by(caller: Entry, meetings: Container[Meeting]) -> Meeting | None:
    """Return which unknown callers this one is among: those of its namespace, if they are told."""
    target, namespace = caller.link.target, caller.link.source.namespace
    return next((one for one in ((target, namespace), (target, "")) if one in meetings), None)


def is_stranger(entry: Entry) -> bool:
    """Tell whether a server counts connections of a caller that it cannot name."""
    link = entry.link
    return entry.reporter == "destination" and link.protocol == "tcp" and not is_known(link.source)


def _is_unheard(entry: Entry, rule: ReporterRule) -> bool:
    """Tell whether a caller counts connections that no server knows to be its own."""
    is_caller = entry.reporter == "source" and entry.link.protocol == "tcp"
    return is_caller and rule.is_unserved(entry.link)


def without_named(entries: Sequence[Entry], taken: Mapping[Meeting, Taken]) -> Sequence[Entry]:
    """Return the accounts without what is told twice."""
    if not taken:
        return entries
    left = {meeting: _left(each) for meeting, each in taken.items()}
    kept: list[Entry] = []
    for entry in entries:
        if not is_stranger(entry) or met(entry) not in taken:
            kept.append(entry)
        elif (shares := left[met(entry)]) is not None:
            kept.append(entry._replace(account=_scaled(entry.account, shares)))
    return kept


def _left(taken: Taken) -> Mapping[str, float] | None:
    """Return the share of each counter that is left, None when next to nothing is."""
    wholes, known = (
        {name: _sum(entries, name) for name in COUNTERS}
        for entries in (taken.strangers, taken.callers)
    )
    shares = {
        name: max(0.0, 1 - known[name] / whole) if whole else 1.0 for name, whole in wholes.items()
    }
    # By bytes; a caller that only ever connects has none.
    kind = _BYTES if any(wholes[name] for name in _BYTES) else _CONNECTIONS
    rest = sum(max(0.0, wholes[name] - known[name]) for name in kind)
    return shares if rest > sum(wholes[name] for name in kind) * _SCRAPE_NOISE else None


def _sum(entries: Iterable[Entry], name: str) -> float:
    # In an order of their own, so that no last digit depends on the order of the answers.
    return sum(sorted(getattr(entry.account, name) or 0.0 for entry in entries))


def _scaled(account: Account, shares: Mapping[str, float]) -> Account:
    closed = shares["connections_closed_per_s"]
    made = replace(
        account, outcomes={outcome: rate * closed for outcome, rate in account.outcomes.items()}
    )
    for name, share in shares.items():
        value = getattr(account, name)
        setattr(made, name, None if value is None else value * share)
    return made
