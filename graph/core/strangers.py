"""Callers that a server's proxy could not name, although their own proxies report them.

Plain TCP carries no word on who is calling. A server then counts bytes from "unknown", while the
caller's proxy counts the same bytes towards that server. Drawn as they are, they would be two edges
with the same traffic; so what the callers' proxies account for is taken off the unknown one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.core.accounts import COUNTERS, Account, Entry
from graph.core.identity import PeerKey, is_known
from graph.core.reporters import ReporterRule

# The two proxies are scraped at different moments: a remainder up to this share is no caller.
_SCRAPE_NOISE = 0.15
_BYTES = ("sent_bps", "received_bps")
_CONNECTIONS = ("connections_per_s", "connections_closed_per_s")


def named_strangers(
    entries: Sequence[Entry], rule: ReporterRule
) -> tuple[Sequence[Entry], Mapping[PeerKey, Mapping[str, float]]]:
    """Return the accounts without what is told twice, and what servers say of its security.

    The second value is by called peer: the policies of connections whose callers did not name
    themselves, for the edges of those callers.
    """
    told = _told_by_callers(entries, rule)
    if not told:
        return entries, {}
    security: dict[PeerKey, Mapping[str, float]] = {}
    kept: list[Entry] = []
    for entry in entries:
        known = told.get(entry.link.target)
        if known is None or not _is_stranger(entry):
            kept.append(entry)
            continue
        security[entry.link.target] = entry.account.security
        rest = _less(entry.account, known)
        if rest is not None:
            kept.append(entry._replace(account=rest))
    return kept, security


def _is_stranger(entry: Entry) -> bool:
    link = entry.link
    return entry.reporter == "destination" and link.protocol == "tcp" and not is_known(link.source)


def _told_by_callers(
    entries: Sequence[Entry], rule: ReporterRule
) -> dict[PeerKey, dict[str, float]]:
    """Return the counters of callers that their servers did not recognise, by called peer."""
    strangers = {entry.link.target for entry in entries if _is_stranger(entry)}
    totals: defaultdict[PeerKey, dict[str, float]] = defaultdict(dict)
    for link, reporter, _, account, _ in entries:
        is_caller = reporter == "source" and link.protocol == "tcp" and link.target in strangers
        if is_caller and rule.is_unserved(link):
            sums = totals[link.target]
            for name in COUNTERS:
                sums[name] = sums.get(name, 0.0) + (getattr(account, name) or 0.0)
    return dict(totals)


def _less(account: Account, known: Mapping[str, float]) -> Account | None:
    """Return the account without what is known, None when next to nothing is left."""
    left = {
        name: None if (value := getattr(account, name)) is None else max(0.0, value - known[name])
        for name in COUNTERS
    }
    # By bytes; a caller that only ever connects has none.
    kind = _BYTES if any(getattr(account, name) for name in _BYTES) else _CONNECTIONS
    whole = sum(getattr(account, name) or 0.0 for name in kind)
    rest = sum(left[name] or 0.0 for name in kind)
    if rest <= whole * _SCRAPE_NOISE:
        return None
    share = rest / whole
    remaining = replace(
        account, outcomes={outcome: rate * share for outcome, rate in account.outcomes.items()}
    )
    for name, value in left.items():
        setattr(remaining, name, value)
    return remaining
